package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.s3.S3Location;
import dev.tenantlake.local.wire.JsonApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A query that was asked for, and how far it is.
 *
 * @param principal the ARN of whom it is run as
 * @param sql as it was given
 * @param output the object of its result
 * @param token by which the same request is known again
 * @param failure why it is not run to its end; empty if it is, or may yet be
 * @param completedAt when it came to its end
 * @param figures what it took
 */
record QueryExecution(
        String id,
        String workgroup,
        String principal,
        String sql,
        StatementKind kind,
        Optional<String> database,
        List<String> parameters,
        S3Location output,
        Optional<String> token,
        State state,
        Optional<Failure> failure,
        Instant submittedAt,
        Optional<Instant> completedAt,
        Figures figures) {

    QueryExecution {
        requireNonNull(id, "id");
        requireNonNull(workgroup, "workgroup");
        requireNonNull(principal, "principal");
        requireNonNull(sql, "sql");
        requireNonNull(kind, "kind");
        requireNonNull(database, "database");
        parameters = List.copyOf(parameters);
        requireNonNull(output, "output");
        requireNonNull(token, "token");
        requireNonNull(state, "state");
        requireNonNull(failure, "failure");
        requireNonNull(submittedAt, "submittedAt");
        requireNonNull(completedAt, "completedAt");
        requireNonNull(figures, "figures");
    }

    /** How far a query is. */
    enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /**
     * Why a query did not run to its end.
     *
     * @param category as Athena counts: 1 the service's fault, 2 the user's, 3 anything else
     */
    record Failure(int category, String message) {
        static final int SYSTEM = 1;
        static final int USER = 2;
        static final int OTHER = 3;

        Failure {
            requireNonNull(message, "message");
        }
    }

    /** What a query took: bytes read, and how long it waited and ran. */
    record Figures(long scannedBytes, Duration queued, Duration engine) {
        static final Figures NONE = new Figures(0, Duration.ZERO, Duration.ZERO);

        Figures {
            requireNonNull(queued, "queued");
            requireNonNull(engine, "engine");
        }
    }

    QueryExecution running() {
        return with(State.RUNNING, Optional.empty(), Optional.empty(), figures);
    }

    QueryExecution succeeded(Instant at, Figures taken) {
        return with(State.SUCCEEDED, Optional.empty(), Optional.of(at), taken);
    }

    QueryExecution failed(Instant at, Failure why) {
        return with(State.FAILED, Optional.of(why), Optional.of(at), figures);
    }

    QueryExecution cancelled(Instant at, String why, Figures taken) {
        return with(State.CANCELLED, Optional.of(new Failure(Failure.USER, why)), Optional.of(at), taken);
    }

    private QueryExecution with(
            State newState, Optional<Failure> newFailure, Optional<Instant> newCompletedAt, Figures newFigures) {
        return new QueryExecution(
                id,
                workgroup,
                principal,
                sql,
                kind,
                database,
                parameters,
                output,
                token,
                newState,
                newFailure,
                submittedAt,
                newCompletedAt,
                newFigures);
    }

    ObjectNode describe(Instant now) {
        ObjectNode node = JsonApi.object()
                .put("QueryExecutionId", id)
                .put("Query", sql)
                .put("StatementType", kind.name())
                .put("WorkGroup", workgroup);
        node.putObject("ResultConfiguration").put("OutputLocation", output.toString());
        ObjectNode context = node.putObject("QueryExecutionContext").put("Catalog", "awsdatacatalog");
        database.ifPresent(name -> context.put("Database", name));
        node.set("EngineVersion", Workgroup.engineVersion());
        if (!parameters.isEmpty()) {
            ArrayNode list = node.putArray("ExecutionParameters");
            parameters.forEach(list::add);
        }
        describeStatus(node.putObject("Status"));
        node.putObject("Statistics")
                .put("DataScannedInBytes", figures.scannedBytes())
                .put("EngineExecutionTimeInMillis", figures.engine().toMillis())
                .put("QueryQueueTimeInMillis", figures.queued().toMillis())
                .put(
                        "TotalExecutionTimeInMillis",
                        Duration.between(submittedAt, completedAt.orElse(now)).toMillis())
                .put("ServiceProcessingTimeInMillis", 0)
                .putObject("ResultReuseInformation")
                .put("ReusedPreviousResult", false);
        return node;
    }

    private void describeStatus(ObjectNode status) {
        status.put("State", state.name()).put("SubmissionDateTime", JsonApi.time(submittedAt));
        completedAt.ifPresent(at -> status.put("CompletionDateTime", JsonApi.time(at)));
        failure.ifPresent(why -> {
            status.put("StateChangeReason", why.message());
            status.putObject("AthenaError")
                    .put("ErrorCategory", why.category())
                    .put("Retryable", why.category() == Failure.SYSTEM)
                    .put("ErrorMessage", why.message());
        });
    }
}
