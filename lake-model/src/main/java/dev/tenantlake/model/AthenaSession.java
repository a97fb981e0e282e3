package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResourceNotFoundException;
import software.amazon.awssdk.services.athena.model.ResultSet;
import software.amazon.awssdk.services.athena.model.Row;

/**
 * Asks Athena as one principal. May be used by several threads. A module that asks brings Athena's client along; the
 * others have none.
 */
public final class AthenaSession implements AutoCloseable {

    /** How often a statement's state is read until it has ended: the answer is late by at most that. */
    public static final Duration POLL = Duration.ofMillis(50);

    /** As much of a statement as a message shows. */
    private static final int SHOWN = 400;

    private final Principal principal;
    private final AwsClients clients;
    private final AthenaClient athena;

    /** @param admin clients of the administrator, who may become any principal */
    public AthenaSession(AwsClients admin, Principal principal) {
        this.principal = requireNonNull(principal, "principal");
        this.clients = admin.as(principal);
        this.athena = clients.configure(AthenaClient.builder()).build();
    }

    public Principal principal() {
        return principal;
    }

    /**
     * Runs a statement and reads its whole result.
     *
     * @throws LakeException of kind {@code QUERY} if it fails
     */
    public Answer ask(String sql) {
        return ask(sql, List.of());
    }

    /**
     * Runs a statement and reads its whole result.
     *
     * @param parameters the values of its question marks in order, each as a SQL literal
     * @throws LakeException of kind {@code QUERY} if it fails
     */
    public Answer ask(String sql, List<String> parameters) {
        long start = System.nanoTime();
        QueryExecution ended = run(sql, parameters);
        String id = ended.queryExecutionId();
        List<String> columns = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        athena.getQueryResultsPaginator(results -> results.queryExecutionId(id)).forEach(page -> {
            ResultSet result = page.resultSet();
            List<Row> data = result.rows();
            if (columns.isEmpty()) {
                result.resultSetMetadata().columnInfo().forEach(column -> columns.add(column.name()));
                // Athena's first row is the names of the columns.
                data = data.subList(Math.min(1, data.size()), data.size());
            }
            data.forEach(
                    row -> rows.add(row.data().stream().map(Datum::varCharValue).toList()));
        });
        return new Answer(
                principal.toString(),
                columns,
                rows,
                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                ended.statistics().dataScannedInBytes());
    }

    /**
     * Runs a statement and gives its rows as they are asked for, page by page: for a result that may be too large to be
     * held. A value is text, or null for null.
     *
     * @param parameters the values of the statement's question marks, each a SQL literal
     * @throws LakeException of kind {@code QUERY} if it fails
     */
    public Stream<List<String>> rows(String sql, List<String> parameters) {
        String id = run(sql, parameters).queryExecutionId();
        return athena.getQueryResultsPaginator(results -> results.queryExecutionId(id)).stream()
                .flatMap(page -> page.resultSet().rows().stream())
                // Athena's first row is the names of the columns.
                .skip(1)
                .map(row -> row.data().stream().map(Datum::varCharValue).toList());
    }

    /** The text of a statement that is kept in the principal's workgroup, or empty if it has none of that name. */
    public Optional<String> preparedStatement(String name) {
        try {
            return Optional.of(
                    athena.getPreparedStatement(get -> get.statementName(name).workGroup(principal.workgroup()))
                            .preparedStatement()
                            .queryStatement());
        } catch (ResourceNotFoundException missing) {
            return Optional.empty();
        }
    }

    /** Runs a statement to its end. */
    private QueryExecution run(String sql, List<String> parameters) {
        String id = athena.startQueryExecution(query -> query.queryString(sql)
                        .workGroup(principal.workgroup())
                        .executionParameters(parameters.isEmpty() ? null : parameters))
                .queryExecutionId();
        return awaitEnd(id, sql);
    }

    private QueryExecution awaitEnd(String id, String sql) {
        while (true) {
            QueryExecution execution =
                    athena.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
            QueryExecutionState state = execution.status().state();
            if (state == QueryExecutionState.SUCCEEDED) {
                return execution;
            }
            if (state == QueryExecutionState.FAILED || state == QueryExecutionState.CANCELLED) {
                throw new LakeException(
                        LakeException.Kind.QUERY,
                        "Athena did not answer " + principal + ": "
                                + execution.status().stateChangeReason() + " (asked: " + onOneLine(sql) + ")");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static String onOneLine(String sql) {
        String line = sql.replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    @Override
    public void close() {
        athena.close();
        clients.close();
    }

    /**
     * What Athena answered to somebody.
     *
     * @param principal who asked
     * @param columns the names of the columns
     * @param rows their values as text, null for null
     * @param millis how long it took from the asking to the last row
     * @param scannedBytes how many bytes of the tables' files were read for it
     */
    public record Answer(
            String principal, List<String> columns, List<List<String>> rows, long millis, long scannedBytes) {

        public Answer {
            requireNonNull(principal, "principal");
            columns = List.copyOf(columns);
            rows = rows.stream()
                    // Not List.copyOf: a value may be null.
                    .map(row -> Collections.unmodifiableList(new ArrayList<>(row)))
                    .toList();
        }

        /** The one value of the one row. */
        public String single() {
            return rows.get(0).get(0);
        }
    }
}
