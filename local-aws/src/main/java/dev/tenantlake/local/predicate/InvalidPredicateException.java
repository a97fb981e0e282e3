package dev.tenantlake.local.predicate;

/** A text is not a predicate; the message says where and what was expected. */
public final class InvalidPredicateException extends RuntimeException {

    public InvalidPredicateException(String message) {
        super(message);
    }
}
