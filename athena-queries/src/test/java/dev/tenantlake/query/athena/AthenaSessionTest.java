package dev.tenantlake.query.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeException.Kind;
import dev.tenantlake.query.ScriptedAws;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.StoppedException;
import dev.tenantlake.query.sql.Statement;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.athena.AthenaClient;

class AthenaSessionTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Statement STATEMENT = new Statement("SELECT a FROM t WHERE b = ?", List.of("'x'"));

    private final ScriptedAws athena = new ScriptedAws();
    private final AwsClients clients = new AwsClients(
            LakeConfig.from(Map.of("AWS_ENDPOINT_URL", athena.endpoint().toString())),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    private final StopRequest stop = new StopRequest();
    private final Rows rows = new Rows();
    private AthenaSession session;

    AthenaSessionTest() throws IOException {}

    @BeforeEach
    void open() {
        session = new AthenaSession(clients.configure(AthenaClient.builder()).build(), "tenantlake-acme", "gold");
    }

    @AfterEach
    void close() {
        clients.close();
        athena.close();
    }

    @Test
    void runsInItsWorkgroupAndDatabaseWithTheParametersBound() {
        athena.state("SUCCEEDED").answer("GetQueryResults", page(null, "a"));
        session.run(STATEMENT, LONG, stop, rows);
        assertThat(athena.calls().get(0).input().get("WorkGroup").textValue()).isEqualTo("tenantlake-acme");
        assertThat(athena.calls()
                        .get(0)
                        .input()
                        .at("/QueryExecutionContext/Database")
                        .textValue())
                .isEqualTo("gold");
        assertThat(athena.calls().get(0).input().get("QueryString").textValue()).isEqualTo(STATEMENT.sql());
        assertThat(athena.calls().get(0).input().at("/ExecutionParameters/0").textValue())
                .isEqualTo("'x'");
    }

    @Test
    void waitsForTheEndAndReadsEveryPageWithoutTheHeader() {
        athena.state("QUEUED").state("RUNNING").state("SUCCEEDED");
        athena.answer("GetQueryResults", page("more", "a", "1", "a"));
        athena.answer("GetQueryResults", page("more", "a", "2"));
        athena.answer("GetQueryResults", page(null));
        QuerySummary summary = session.run(STATEMENT, LONG, stop, rows);
        assertThat(rows.columns).containsExactly(new ResultColumn("a", "varchar"));
        assertThat(rows.values).containsExactly(List.of("1"), List.of("a"), List.of("a"), List.of("2"));
        assertThat(summary.rows()).isEqualTo(4);
        assertThat(summary.queryId()).isEqualTo("q-1");
        assertThat(summary.scannedBytes()).isEqualTo(1_234_567);
        assertThat(summary.engine()).isEqualTo(Duration.ofMillis(321));
        assertThat(athena.operations())
                .containsSubsequence(
                        "GetQueryExecution",
                        "GetQueryExecution",
                        "GetQueryExecution",
                        "GetQueryResults",
                        "GetQueryResults",
                        "GetQueryResults")
                .doesNotContain("StopQueryExecution");
    }

    @Test
    void keepsTheFirstRowOfAStatementThatHasNoHeader() {
        athena.answer("GetQueryExecution", """
                {"QueryExecution":{"QueryExecutionId":"q-1","StatementType":"UTILITY","Status":{"State":"SUCCEEDED"}}}
                """).answer("GetQueryResults", page(null, "a", "b"));
        session.run(new Statement("SHOW TABLES", List.of()), LONG, stop, rows);
        assertThat(rows.values).containsExactly(List.of("a"), List.of("b"));
        assertThat(athena.calls().get(0).input().has("ExecutionParameters")).isFalse();
    }

    @Test
    void tellsANullFromAnEmptyText() {
        athena.state("SUCCEEDED").answer("GetQueryResults", """
                {"ResultSet":{"ResultSetMetadata":{"ColumnInfo":[{"Name":"a","Label":"a","Type":"varchar"}]},
                "Rows":[{"Data":[{"VarCharValue":"a"}]},{"Data":[{}]},{"Data":[{"VarCharValue":""}]}]}}""");
        session.run(STATEMENT, LONG, stop, rows);
        assertThat(rows.values).containsExactly(Arrays.asList((String) null), List.of(""));
    }

    @Test
    void readsNoFurtherThanIsWanted() {
        athena.state("SUCCEEDED").answer("GetQueryResults", page("more", "a", "1"));
        rows.wanted = 1;
        assertThat(session.run(STATEMENT, LONG, stop, rows).rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved|2|QUERY|the query failed: SYNTAX_ERROR: line 1:8: Column 'x' cannot be resolved",
                "line 1:1: mismatched input 'SELEC'.\\n Expecting: 'SELECT'|2|QUERY|the query failed: line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT'",
                "Access Denied: Cannot select from columns [a] in table t|2|DENIED|the query was denied: Access Denied: Cannot select from columns [a] in table t",
                "Insufficient Lake Formation permission(s) on t|2|DENIED|the query was denied: Insufficient Lake Formation permission(s) on t",
                "GENERIC_INTERNAL_ERROR: no nodes|1|UNAVAILABLE|Athena failed the query: GENERIC_INTERNAL_ERROR: no nodes"
            })
    void saysInOneLineWhyAQueryFailed(String reason, int category, Kind kind, String message) {
        athena.status("""
                {"State":"FAILED","StateChangeReason":"%s","AthenaError":{"ErrorCategory":%d}}""".formatted(reason, category));
        assertFails(kind, message);
        assertThat(athena.operations()).doesNotContain("StopQueryExecution", "GetQueryResults");
    }

    @Test
    void saysThatAReasonIsMissing() {
        athena.status("{\"State\":\"FAILED\"}");
        assertFails(Kind.QUERY, "the query failed: Athena gave no reason");
    }

    @Test
    void saysWhyAQueryWasNotTaken() {
        refuseStart("InvalidRequestException", "line 1:1: mismatched input 'SELEC'.\\nExpecting: 'SELECT'");
        assertFails(Kind.QUERY, "Athena refused the query: line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT'");
    }

    @Test
    void saysThatAWorkgroupIsDenied() {
        refuseStart("AccessDeniedException", "not authorized to perform: athena:StartQueryExecution");
        assertFails(
                Kind.DENIED,
                "the query was denied in workgroup tenantlake-acme: not authorized to perform:"
                        + " athena:StartQueryExecution");
    }

    @Test
    void stopsInAthenaWhatTakesTooLong() {
        athena.state("QUEUED");
        assertThatThrownBy(() -> session.run(STATEMENT, Duration.ofMillis(120), stop, rows))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT))
                .hasMessage("query q-1 was still QUEUED after 0.12 s and has been stopped: give it longer with"
                        + " --timeout, or ask for less");
        assertThat(athena.operations()).endsWith("StopQueryExecution");
    }

    @Test
    void stopsInAthenaWhatSomebodyStopsHere() {
        athena.state("RUNNING");
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            awaitCall("GetQueryExecution");
            stop.make();
        });
        assertThatThrownBy(() -> session.run(STATEMENT, LONG, stop, rows))
                .isInstanceOf(StoppedException.class)
                .hasMessage("query q-1 has been stopped");
        stopping.join();
        assertThat(athena.operations()).endsWith("StopQueryExecution");
        assertThat(athena.calls()
                        .get(athena.calls().size() - 1)
                        .input()
                        .get("QueryExecutionId")
                        .textValue())
                .isEqualTo("q-1");
    }

    @Test
    void saysThatSomebodyStoppedItInAthena() {
        athena.state("CANCELLED");
        assertThatThrownBy(() -> session.run(STATEMENT, LONG, stop, rows))
                .isInstanceOf(StoppedException.class)
                .hasMessage("query q-1 was stopped in Athena");
    }

    private void refuseStart(String code, String message) {
        athena.replace("StartQueryExecution", 400, "{\"__type\":\"" + code + "\",\"message\":\"" + message + "\"}");
    }

    private void assertFails(Kind kind, String message) {
        assertThatThrownBy(() -> session.run(STATEMENT, LONG, stop, rows))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessage(message);
    }

    private void awaitCall(String operation) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!athena.operations().contains(operation) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static String page(String next, String... values) {
        StringBuilder page = new StringBuilder("{\"ResultSet\":{\"ResultSetMetadata\":{\"ColumnInfo\":"
                + "[{\"Name\":\"a\",\"Label\":\"a\",\"Type\":\"varchar\"}]},\"Rows\":[");
        for (int i = 0; i < values.length; i++) {
            page.append(i == 0 ? "" : ",")
                    .append("{\"Data\":[{\"VarCharValue\":\"")
                    .append(values[i])
                    .append("\"}]}");
        }
        return page.append("]}")
                .append(next == null ? "" : ",\"NextToken\":\"" + next + "\"")
                .append("}")
                .toString();
    }

    private static final class Rows implements ResultSink {
        private final List<List<String>> values = new ArrayList<>();
        private List<ResultColumn> columns = List.of();
        private int wanted = Integer.MAX_VALUE;

        @Override
        public void columns(List<ResultColumn> resultColumns) {
            columns = resultColumns;
        }

        @Override
        public boolean rows(List<List<String>> page) {
            values.addAll(page);
            return values.size() < wanted;
        }
    }
}
