package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.ResultSet;
import software.amazon.awssdk.services.athena.model.Row;

/** Asks Athena as one principal. May be used by several threads. */
public final class AthenaSession implements AutoCloseable {

    private static final Duration FIRST_POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofMillis(250);

    private final Principal principal;
    private final AwsClients clients;
    private final AthenaClient athena;

    /**
     * @param admin clients of the administrator, who may become any principal
     */
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
        long start = System.nanoTime();
        String id = athena.startQueryExecution(query -> query.queryString(sql).workGroup(principal.workgroup()))
                .queryExecutionId();
        awaitEnd(id, sql);
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
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void awaitEnd(String id, String sql) {
        Duration poll = FIRST_POLL;
        while (true) {
            QueryExecution execution =
                    athena.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
            QueryExecutionState state = execution.status().state();
            if (state == QueryExecutionState.SUCCEEDED) {
                return;
            }
            if (state == QueryExecutionState.FAILED || state == QueryExecutionState.CANCELLED) {
                throw new LakeException(
                        LakeException.Kind.QUERY,
                        "Athena did not answer " + principal + ": "
                                + execution.status().stateChangeReason() + " (asked: " + sql.replaceAll("\\s+", " ")
                                + ")");
            }
            LockSupport.parkNanos(poll.toNanos());
            poll = poll.multipliedBy(2).compareTo(LONGEST_POLL) < 0 ? poll.multipliedBy(2) : LONGEST_POLL;
        }
    }

    @Override
    public void close() {
        athena.close();
        clients.close();
    }
}
