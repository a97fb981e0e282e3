package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.Row;

/** Asks Athena as one principal. */
public final class AthenaSession implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Principal principal;
    private final AwsClients clients;
    private final AthenaClient athena;

    /** @param admin clients of the administrator, who may become any principal */
    public AthenaSession(AwsClients admin, Principal principal) {
        this.principal = requireNonNull(principal, "principal");
        this.clients = admin.as(principal);
        this.athena = clients.configure(AthenaClient.builder()).build();
    }

    /**
     * The first column of a statement's result.
     *
     * @throws LakeException of kind {@code QUERY} if it fails
     */
    public List<String> column(String sql) {
        String id = athena.startQueryExecution(query -> query.queryString(sql).workGroup(principal.workgroup()))
                .queryExecutionId();
        awaitEnd(id, sql);
        List<String> values = new ArrayList<>();
        athena.getQueryResultsPaginator(results -> results.queryExecutionId(id)).forEach(page -> {
            for (Row row : page.resultSet().rows()) {
                values.add(row.data().get(0).varCharValue());
            }
        });
        // Athena's first row is the names of the columns.
        return values.subList(Math.min(1, values.size()), values.size());
    }

    private void awaitEnd(String id, String sql) {
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
                                + execution.status().stateChangeReason() + " (asked: " + sql + ")");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    public void close() {
        athena.close();
        clients.close();
    }
}
