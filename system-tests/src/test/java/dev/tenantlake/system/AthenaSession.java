package dev.tenantlake.system;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Datum;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.Row;

/** A user's own program: the plain AWS SDK client for Athena, given nothing but the variables that {@code env} exports. */
final class AthenaSession implements AutoCloseable {

    private final AwsClients clients;
    private final AthenaClient athena;
    private final String workgroup;

    AthenaSession(Map<String, String> environment) {
        this.clients = new AwsClients(
                LakeConfig.from(environment), StaticCredentialsProvider.create(credentials(environment)));
        this.athena = clients.configure(AthenaClient.builder()).build();
        this.workgroup = environment.get("ATHENA_WORKGROUP");
    }

    private static AwsCredentials credentials(Map<String, String> environment) {
        String key = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        String token = environment.get("AWS_SESSION_TOKEN");
        return token == null
                ? AwsBasicCredentials.create(key, secret)
                : AwsSessionCredentials.create(key, secret, token);
    }

    AwsClients clients() {
        return clients;
    }

    AthenaClient client() {
        return athena;
    }

    /** Runs a statement, and gives its rows without the header. */
    Answer query(String sql) {
        return queryIn(workgroup, sql);
    }

    /** Runs a statement with the values of its question marks, each a SQL literal. */
    Answer query(String sql, List<String> parameters) {
        return queryIn(workgroup, sql, parameters);
    }

    Answer queryIn(String inWorkgroup, String sql) {
        return queryIn(inWorkgroup, sql, List.of());
    }

    private Answer queryIn(String inWorkgroup, String sql, List<String> parameters) {
        String id = athena.startQueryExecution(start -> start.queryString(sql)
                        .workGroup(inWorkgroup)
                        .executionParameters(parameters.isEmpty() ? null : parameters))
                .queryExecutionId();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (true) {
            QueryExecution execution =
                    athena.getQueryExecution(get -> get.queryExecutionId(id)).queryExecution();
            QueryExecutionState state = execution.status().state();
            if (state == QueryExecutionState.SUCCEEDED) {
                return Answer.of(id, rows(id));
            }
            if (state == QueryExecutionState.FAILED || state == QueryExecutionState.CANCELLED) {
                return new Answer(id, List.of(), List.of(), execution.status().stateChangeReason());
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still " + state + ": " + sql);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private List<List<String>> rows(String id) {
        List<List<String>> rows = new ArrayList<>();
        athena.getQueryResultsPaginator(get -> get.queryExecutionId(id)).stream()
                .flatMap(page -> page.resultSet().rows().stream())
                .map(Row::data)
                .map(data -> data.stream().map(Datum::varCharValue).toList())
                .forEach(rows::add);
        return rows;
    }

    @Override
    public void close() {
        athena.close();
        clients.close();
    }

    /**
     * What came of a statement.
     *
     * @param columns their names
     * @param failure why it failed, or null if it did not
     */
    record Answer(String queryExecutionId, List<String> columns, List<List<String>> rows, String failure) {

        /** Athena gives the names of the columns as the first row. */
        private static Answer of(String queryExecutionId, List<List<String>> rows) {
            return rows.isEmpty()
                    ? new Answer(queryExecutionId, List.of(), rows, null)
                    : new Answer(queryExecutionId, rows.get(0), rows.subList(1, rows.size()), null);
        }

        /** The one value of a statement that gives one. */
        String value() {
            if (failure != null || rows.size() != 1 || rows.get(0).size() != 1) {
                throw new AssertionError("expected one value: " + this);
            }
            return rows.get(0).get(0);
        }

        long count() {
            return Long.parseLong(value());
        }
    }
}
