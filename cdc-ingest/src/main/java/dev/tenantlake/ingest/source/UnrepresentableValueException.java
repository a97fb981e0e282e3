package dev.tenantlake.ingest.source;

/** A value that the source holds and its bronze column cannot: NaN in a {@code numeric(12,2)}, the year 294277. */
public final class UnrepresentableValueException extends RuntimeException {

    /** @param value as a person would write it */
    public UnrepresentableValueException(String value) {
        super(value);
    }
}
