package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPositions;
import java.net.SocketException;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells whether a failure comes of a service that does not answer or refuses: that passes, and waiting helps. */
final class ServiceTrouble {

    private final LayerPositions positions;

    ServiceTrouble(LayerPositions positions) {
        this.positions = requireNonNull(positions, "positions");
    }

    /** What is wrong with the service that the failure comes of, or empty if it comes of none. */
    Optional<String> behind(Throwable failure) {
        return of(failure).or(this::ofS3);
    }

    /** What a failure says of itself, on one line. */
    static String reason(Throwable failure) {
        return said(rootCause(failure));
    }

    /** What a failure says of a service that does not answer or refuses, or empty if it is not of that sort. */
    private static Optional<String> of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException refused) {
                return Optional.of("a service of AWS refused the call: " + said(refused));
            }
            if (cause instanceof SdkException || cause instanceof SocketException) {
                return Optional.of("a service of AWS does not answer: " + said(rootCause(cause)));
            }
        }
        return Optional.empty();
    }

    /** What is wrong with S3, or empty if it answers. */
    private Optional<String> ofS3() {
        try {
            positions.read(Layer.SILVER);
            return Optional.empty();
        } catch (SdkException e) {
            return of(e);
        }
    }

    /** The innermost cause: what Spark and Hudi wrap around it names their own parts only. */
    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String said(Throwable cause) {
        String message = cause.getMessage() == null
                ? ""
                : cause.getMessage().lines().findFirst().orElse("");
        return cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
    }
}
