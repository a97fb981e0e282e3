package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What a failure means for the run that met it.
 *
 * @param kind what to do about it
 * @param reason what a person is told: a line of ours, or what the failing service said
 * @param cause the failure
 */
record Failure(Kind kind, LakeException reason, Throwable cause) {

    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** What to do about a failure. */
    enum Kind {
        /** Somebody has to act: to stop. */
        STOP,
        /** Somebody else holds the slot, who may be a process of ours that is just ending. */
        HELD,
        /** Something does not answer: to try again, for as long as was told. */
        OUTAGE,
        /** Something unforeseen: to try again from the last manifest, a few times. */
        UNFORESEEN
    }

    Failure {
        requireNonNull(kind, "kind");
        requireNonNull(reason, "reason");
        requireNonNull(cause, "cause");
    }

    /**
     * Judges a failure by the first of its causes that tells something.
     *
     * @param address of the source, for the line
     */
    static Failure of(Throwable failure, String address) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            Optional<Failure> judged = judge(cause, failure, address);
            if (judged.isPresent()) {
                return judged.get();
            }
        }
        return of(Kind.UNFORESEEN, LakeException.Kind.UNFIT, "failed: " + rootLine(failure), failure);
    }

    /** Whether the reason was found by us, and is not what a service said. */
    boolean isOurs() {
        return reason.getCause() != cause;
    }

    private static Optional<Failure> judge(Throwable cause, Throwable failure, String address) {
        if (cause instanceof LakeException known) {
            Kind kind = switch (known.kind()) {
                case IN_USE -> Kind.HELD;
                case UNAVAILABLE -> Kind.OUTAGE;
                default -> Kind.STOP;
            };
            return Optional.of(new Failure(kind, known, failure));
        }
        if (cause instanceof SQLException sql && sql.getSQLState() != null) {
            return ofSource(sql, failure, address);
        }
        if (cause instanceof SdkException sdk) {
            return Optional.of(ofLake(sdk, failure));
        }
        return Optional.empty();
    }

    /** By the classes of Postgres' error codes. */
    private static Optional<Failure> ofSource(SQLException sql, Throwable failure, String address) {
        String state = sql.getSQLState();
        String said = line(sql);
        if (state.startsWith("28")) {
            return Optional.of(denied(
                    "Postgres at " + address + " refused the login: " + said + "; check PGUSER and PGPASSFILE",
                    failure));
        }
        if (state.equals("42501")) {
            return Optional.of(denied(
                    "Postgres at " + address + " denied: " + said
                            + "; expected a role with REPLICATION and SELECT on the published tables",
                    failure));
        }
        if (state.equals("3D000")) {
            return Optional.of(of(
                    Kind.STOP,
                    LakeException.Kind.UNFIT,
                    "Postgres at " + address + ": " + said + "; check PGDATABASE",
                    failure));
        }
        if (state.equals("55006")) {
            return Optional.of(
                    of(Kind.HELD, LakeException.Kind.IN_USE, "the slot is read by someone else: " + said, failure));
        }
        // Connection lost or refused, server shutting down or starting, too many connections.
        if (state.startsWith("08") || state.startsWith("57P") || state.equals("53300")) {
            return Optional.of(outage("Postgres at " + address + " does not answer: " + said, failure));
        }
        return Optional.empty();
    }

    private static Failure ofLake(SdkException sdk, Throwable failure) {
        if (sdk instanceof AwsServiceException service) {
            int status = service.statusCode();
            String said = service.awsErrorDetails() == null
                    ? line(service)
                    : service.awsErrorDetails().serviceName() + " said "
                            + service.awsErrorDetails().errorCode() + ": "
                            + service.awsErrorDetails().errorMessage();
            if (status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || service.isThrottlingException()) {
                return outage("the lake does not answer: " + said, failure);
            }
            String refused = "the lake refused: " + said;
            return status == FORBIDDEN
                    ? denied(refused + "; check AWS_PROFILE", failure)
                    : of(Kind.UNFORESEEN, LakeException.Kind.UNFIT, refused, failure);
        }
        String said = line(sdk);
        if (sdk instanceof SdkClientException && said.contains("credentials")) {
            return denied(
                    "there are no credentials for the lake: " + said
                            + "; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                    failure);
        }
        return outage("the lake does not answer: " + said, failure);
    }

    private static Failure denied(String message, Throwable failure) {
        return of(Kind.STOP, LakeException.Kind.DENIED, message, failure);
    }

    private static Failure outage(String message, Throwable failure) {
        return of(Kind.OUTAGE, LakeException.Kind.UNAVAILABLE, message, failure);
    }

    private static Failure of(Kind kind, LakeException.Kind lakeKind, String message, Throwable failure) {
        return new Failure(kind, new LakeException(lakeKind, message, failure), failure);
    }

    private static String line(Throwable throwable) {
        String message = throwable.getMessage();
        return message == null
                ? throwable.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static String rootLine(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + line(root);
    }
}
