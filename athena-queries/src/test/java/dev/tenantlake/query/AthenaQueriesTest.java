package dev.tenantlake.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AthenaQueriesTest {

    private static final String RESULT = """
            {"ResultSet":{"ResultSetMetadata":{"ColumnInfo":[{"Name":"tenant","Label":"tenant","Type":"varchar"},
            {"Name":"revenue","Label":"revenue","Type":"decimal"}]},
            "Rows":[{"Data":[{"VarCharValue":"tenant"},{"VarCharValue":"revenue"}]},
            {"Data":[{"VarCharValue":"acme"},{"VarCharValue":"12.50"}]}]}}""";

    private final ScriptedAws athena = new ScriptedAws();
    private final Map<String, String> environment = new LinkedHashMap<>(Map.of(
            "AWS_ENDPOINT_URL", athena.endpoint().toString(),
            "AWS_ACCESS_KEY_ID", "key",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_REGION", "us-east-1"));

    AthenaQueriesTest() throws IOException {}

    @AfterEach
    void close() {
        athena.close();
    }

    @Test
    void printsTheResultAloneToStandardOutput() {
        athena.state("SUCCEEDED").answer("GetQueryResults", RESULT);
        Cli.Outcome outcome =
                Cli.run(environment, "query", "revenue_growth", "--param", "period=quarter", "--output", "csv");
        assertThat(outcome.out()).isEqualTo("tenant,revenue\nacme,12.50\n");
        assertThat(outcome.err())
                .matches("1 row, 1\\.2 MB scanned, [0-9.]+ s \\(engine 0\\.32 s\\), as admin, query q-1\n");
        assertThat(outcome.exitCode()).isZero();
        assertThat(athena.calls().get(0).input().get("WorkGroup").textValue()).isEqualTo("tenantlake");
        assertThat(athena.calls().get(0).input().get("ExecutionParameters"))
                .extracting(value -> value.textValue())
                .containsExactly("'quarter'", "'1970-01-01'", "'2999-12-31'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "query revenue_by_tenat|there is no metric 'revenue_by_tenat': did you mean revenue_by_tenant? The command metrics lists them all",
                "query revenue_growth --as acme|'acme' is not a principal: expected admin, or analyst:SLUG with a tenant's slug",
                "query revenue_growth --param month|--param is 'month': expected NAME=VALUE such as period=week",
                "query revenue_growth --param to=2026-01-01 --param to=2026-01-02|--param to is given twice: expected it once",
                "query --sql ;|the SQL is empty: expected a statement such as SELECT 1",
                "query --sql SELECT --param a=b|--param goes with a metric: write the value into the SQL",
                "metrics show nothing|there is no metric 'nothing': expected one of arr, average_order_value, best_sellers, cart_abandonment, category_trends, conversion_funnel, customer_acquisition, customer_cohorts, customer_lifetime_value, customer_retention, inventory_turnover, mrr_movements, plan_distribution, product_profitability, revenue_by_category, revenue_by_tenant, revenue_growth, session_engagement, subscription_churn, user_journeys",
                "report --as acme|'acme' is not a principal: expected admin, or analyst:SLUG with a tenant's slug",
                "report --param colour=red|no metric has a parameter 'colour': expected one of by, days, from, period, places, to",
                "report --output /dev/null/a.html|--output /dev/null/a.html cannot be written: /dev/null is not a directory that this user may write to",
                "cost --output /dev/null|--output /dev/null is not a file: expected a file's name",
                "grants apply --scan-limit 9999999|--scan-limit is 9999999: expected 10000000 bytes at least, the least that Athena takes"
            })
    void saysInOneLineWhatIsWrongWithACall(String arguments, String message) {
        assertThat(Cli.runHere(environment, arguments.split(" ")))
                .isEqualTo(new Cli.Outcome(2, "", "athena-queries: " + message + "\n"));
        assertThat(athena.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "query|(see athena-queries query --help)",
                "query a --sql b|(see athena-queries query --help)",
                "query a --timeout 5|'5' is not a length of time: expected a positive number with ms, s, m or h, such as 120s",
                "query a --output xml|expected one of [TABLE, CSV, JSON]",
                "grants|expected a command: apply",
                "frobnicate|'frobnicate'"
            })
    void refusesACallThatIsNone(String arguments, String message) {
        Cli.Outcome outcome = Cli.runHere(environment, arguments.split(" "));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("athena-queries: ")
                .contains(message);
    }

    @Test
    void saysInOneLineWhatDoesNotParse() {
        athena.status("""
                {"State":"FAILED","StateChangeReason":"line 1:8: mismatched input 'FORM'.\\nExpecting: 'FROM'"}""");
        assertThat(Cli.run(environment, "query", "--sql", "SELECT FORM"))
                .isEqualTo(new Cli.Outcome(
                        1,
                        "",
                        "athena-queries: the query failed: line 1:8: mismatched input 'FORM'. Expecting: 'FROM'\n"));
    }

    /** The layers' positions are not to be had here, and the page says nothing of them. */
    @Test
    void writesAReportInOneStep(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("report.html");
        athena.state("SUCCEEDED").answer("GetQueryResults", """
                {"ResultSet":{"ResultSetMetadata":{"ColumnInfo":[{"Name":"tenant","Type":"varchar"}]},"Rows":[]}}""");
        Cli.Outcome outcome = Cli.run(environment, "report", "--output", page.toString());
        assertThat(outcome.out()).isEqualTo(page + "\n");
        assertThat(outcome.err()).matches("20 metrics, 24\\.7 MB scanned, [0-9.]+ s, as admin\n");
        assertThat(outcome.exitCode()).isZero();
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(folder.toFile().list()).containsExactly("report.html");

        athena.replace("GetQueryExecution", 200, """
                {"QueryExecution":{"QueryExecutionId":"q-1","StatementType":"DML",
                "Status":{"State":"FAILED","StateChangeReason":"Table 'gold.revenue_daily' does not exist"}}}""");
        Files.writeString(page, "the one before");
        assertThat(Cli.run(environment, "report", "--output", page.toString()))
                .isEqualTo(new Cli.Outcome(
                        1, "", "athena-queries: the query failed: Table 'gold.revenue_daily' does not exist\n"));
        assertThat(page).hasContent("the one before");
        assertThat(folder.toFile().list()).containsExactly("report.html");
    }

    @Test
    void saysThatNobodyAnswers() {
        environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        Cli.Outcome outcome = Cli.run(environment, "query", "revenue_growth");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("athena-queries: a service of AWS cannot be reached");
    }

    @Test
    void stopsTheQueryInAthenaWhenTheProcessIsToEnd() {
        athena.state("RUNNING");
        try (Cli.Running running = Cli.start(environment, "query", "revenue_growth")) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!athena.operations().contains("GetQueryExecution") && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            running.process().destroy();
            Cli.Outcome outcome = running.await();
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.out()).isEmpty();
        }
        assertThat(athena.operations()).endsWith("StopQueryExecution");
    }

    @Test
    void listsTheMetricsForAMachine() throws IOException {
        Cli.Outcome outcome = Cli.run(environment, "metrics", "--output", "json");
        assertThat(outcome.exitCode()).isZero();
        assertThat(LakeJson.mapper().readTree(outcome.out()))
                .extracting(metric -> metric.get("name").textValue())
                .contains("revenue_by_tenant", "conversion_funnel");
        JsonNode shown = LakeJson.mapper()
                .readTree(Cli.run(environment, "metrics", "show", "best_sellers", "--output", "json")
                        .out());
        assertThat(shown.at("/bindings"))
                .extracting(binding -> binding.textValue())
                .containsExactly("from", "to", "from", "to", "from", "to", "from", "to", "by", "places");
        assertThat(shown.at("/defaults")).hasSize(10);
        assertThat(shown.at("/defaults/9").textValue()).matches("\\d+");
    }
}
