package dev.tenantlake.query.athena;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.StoppedException;
import dev.tenantlake.query.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatistics;
import software.amazon.awssdk.services.athena.model.Row;
import software.amazon.awssdk.services.athena.model.StatementType;

/**
 * Runs statements in one workgroup as one principal: starts a query, waits for its end with growing pauses, and reads
 * its result page by page. A query that nobody waits for any longer is stopped in Athena.
 */
public final class AthenaSession {

    private static final Logger LOG = LoggerFactory.getLogger(AthenaSession.class);
    /** The catalog that is the account's own Glue Data Catalog. */
    private static final String CATALOG = "AwsDataCatalog";
    /** How many rows GetQueryResults gives at most, by the Athena API reference. */
    private static final int ROWS_PER_PAGE = 1000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final double PAUSE_GROWTH = 1.2;
    /** After so long somebody who waits wants to know what for. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final AthenaClient athena;
    private final String workgroup;
    private final Optional<String> database;

    /**
     * A session.
     *
     * @param athena signs as the principal
     * @param workgroup the one that the principal uses; it says where results are kept
     * @param database the Glue database of tables that a statement names without one
     */
    public AthenaSession(AthenaClient athena, String workgroup, String database) {
        this(athena, workgroup, Optional.of(database));
    }

    private AthenaSession(AthenaClient athena, String workgroup, Optional<String> database) {
        this.athena = requireNonNull(athena, "athena");
        this.workgroup = requireNonNull(workgroup, "workgroup");
        this.database = requireNonNull(database, "database");
    }

    /** The same session for statements that name each table with its database: one that does not is refused. */
    public AthenaSession withoutDatabase() {
        return new AthenaSession(athena, workgroup, Optional.empty());
    }

    /**
     * Runs a statement and gives its result to the sink.
     *
     * @param timeout how long it may take until its result is there
     * @param stop ends it when it is made
     * @throws LakeException of kind {@code QUERY} if it cannot be run as it stands, {@code DENIED} if the principal may
     *     not run it, {@code TIMEOUT} if it takes too long, {@code UNAVAILABLE} if Athena failed it
     * @throws StoppedException if it was stopped
     * @throws SdkException if Athena cannot be reached
     */
    public QuerySummary run(Statement statement, Duration timeout, StopRequest stop, ResultSink sink) {
        long start = System.nanoTime();
        String id = start(statement);
        QueryExecution execution;
        try {
            execution = await(id, start, timeout, stop);
        } catch (RuntimeException e) {
            stop(id);
            throw e;
        }
        if (execution.status().state() == QueryExecutionState.FAILED) {
            throw QueryFailure.of(execution.status());
        }
        if (execution.status().state() == QueryExecutionState.CANCELLED) {
            throw new StoppedException("query " + id + " was stopped in Athena");
        }
        long rows = read(execution, stop, sink);
        QueryExecutionStatistics statistics = execution.statistics();
        return new QuerySummary(
                id,
                rows,
                statistics == null ? 0 : orZero(statistics.dataScannedInBytes()),
                Duration.ofNanos(System.nanoTime() - start),
                Duration.ofMillis(statistics == null ? 0 : orZero(statistics.engineExecutionTimeInMillis())));
    }

    private String start(Statement statement) {
        try {
            return athena.startQueryExecution(request -> {
                        request.queryString(statement.sql())
                                .workGroup(workgroup)
                                .queryExecutionContext(
                                        context -> context.catalog(CATALOG).database(database.orElse(null)));
                        if (!statement.parameters().isEmpty()) {
                            request.executionParameters(statement.parameters());
                        }
                    })
                    .queryExecutionId();
        } catch (AthenaException e) {
            throw QueryFailure.of(e, workgroup);
        }
    }

    /** The query once it is over, however it ended. */
    private QueryExecution await(String id, long start, Duration timeout, StopRequest stop) {
        Duration pause = FIRST_PAUSE;
        boolean saidThatItWaits = false;
        while (true) {
            QueryExecution execution =
                    athena.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
            QueryExecutionState state = execution.status().state();
            if (state == QueryExecutionState.SUCCEEDED
                    || state == QueryExecutionState.FAILED
                    || state == QueryExecutionState.CANCELLED) {
                return execution;
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waited.compareTo(timeout) >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        "query " + id + " was still " + state + " after " + timeout.toMillis() / 1000.0
                                + " s and has been stopped: give it longer with --timeout, or ask for less");
            }
            if (!saidThatItWaits && waited.compareTo(QUIET) >= 0) {
                LOG.info("event=query_waits query={} state={}", id, state);
                saidThatItWaits = true;
            }
            if (stop.await(pause)) {
                throw new StoppedException("query " + id + " has been stopped");
            }
            pause = Duration.ofNanos(Math.min(LONGEST_PAUSE.toNanos(), (long) (pause.toNanos() * PAUSE_GROWTH)));
        }
    }

    private void stop(String id) {
        try {
            athena.stopQueryExecution(request -> request.queryExecutionId(id));
            LOG.debug("event=query_stopped query={}", id);
        } catch (SdkException e) {
            LOG.warn("event=query_not_stopped query={} reason=\"{}\"", id, e.getMessage());
        }
    }

    private long read(QueryExecution execution, StopRequest stop, ResultSink sink) {
        String token = null;
        long rows = 0;
        boolean first = true;
        do {
            String next = token;
            GetQueryResultsResponse page =
                    athena.getQueryResults(get -> get.queryExecutionId(execution.queryExecutionId())
                            .maxResults(ROWS_PER_PAGE)
                            .nextToken(next));
            List<ColumnInfo> columns = page.resultSet().resultSetMetadata() == null
                    ? List.of()
                    : page.resultSet().resultSetMetadata().columnInfo();
            List<List<String>> values =
                    page.resultSet().rows().stream().map(AthenaSession::values).toList();
            if (first) {
                sink.columns(columns.stream().map(AthenaSession::column).toList());
                if (!values.isEmpty() && isHeader(execution, columns, values.get(0))) {
                    values = values.subList(1, values.size());
                }
                first = false;
            }
            rows += values.size();
            if (!sink.rows(values)) {
                return rows;
            }
            token = page.nextToken();
        } while (token != null && !stop.isMade());
        return rows;
    }

    /** Athena gives a query's column labels as its first row, and those of SHOW and DESCRIBE not at all. */
    private static boolean isHeader(QueryExecution execution, List<ColumnInfo> columns, List<String> row) {
        return execution.statementType() == StatementType.DML
                && row.equals(
                        columns.stream().map(column -> column(column).name()).toList());
    }

    private static ResultColumn column(ColumnInfo info) {
        return new ResultColumn(info.label() == null ? info.name() : info.label(), info.type());
    }

    private static List<String> values(Row row) {
        return Arrays.asList(row.data().stream().map(Datum::varCharValue).toArray(String[]::new));
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }
}
