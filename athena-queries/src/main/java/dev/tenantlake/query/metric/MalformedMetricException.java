package dev.tenantlake.query.metric;

/** A metric's file is not as it has to be. A fault of the one who wrote it, found by a test and never by a user. */
public final class MalformedMetricException extends RuntimeException {

    MalformedMetricException(String file, String message) {
        super(file + ": " + message);
    }
}
