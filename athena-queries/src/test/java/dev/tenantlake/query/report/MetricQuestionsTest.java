package dev.tenantlake.query.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.ScriptedAws;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.athena.AthenaClient;

class MetricQuestionsTest {

    private static final List<Metric> METRICS = MetricCatalog.load().all();
    private static final String RESULT = """
            {"ResultSet":{"ResultSetMetadata":{"ColumnInfo":[{"Name":"tenant","Type":"varchar"}]},
            "Rows":[{"Data":[{"VarCharValue":"tenant"}]},{"Data":[{"VarCharValue":"acme"}]}]}}""";

    private final ScriptedAws athena = new ScriptedAws();
    private final AwsClients clients = new AwsClients(
            LakeConfig.from(Map.of("AWS_ENDPOINT_URL", athena.endpoint().toString())),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    private final StopRequest stop = new StopRequest();
    private MetricQuestions questions;

    MetricQuestionsTest() throws IOException {}

    @BeforeEach
    void open() {
        questions = new MetricQuestions(
                new AthenaSession(clients.configure(AthenaClient.builder()).build(), "tenantlake-acme", "gold"),
                Duration.ofMinutes(1),
                stop);
    }

    @AfterEach
    void close() {
        clients.close();
        athena.close();
    }

    @Test
    void asksEveryMetricAndGivesAValueToThoseThatTakeIt() {
        athena.state("SUCCEEDED").answer("GetQueryResults", RESULT);
        List<MetricAnswer> answers = questions.ask(METRICS, Map.of("period", "week", "places", "3"));
        assertThat(answers).extracting(MetricAnswer::metric).containsExactlyElementsOf(METRICS);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.rows()).containsExactly(List.of("acme"));
            assertThat(answer.isCut()).isFalse();
            assertThat(answer.scannedBytes()).isEqualTo(1_234_567);
        });
        List<String> started = new ArrayList<>();
        athena.calls().stream()
                .filter(call -> call.operation().equals("StartQueryExecution"))
                .forEach(call -> started.add(call.input().at("/QueryString").textValue()
                        + call.input().at("/ExecutionParameters")));
        assertThat(started).hasSize(METRICS.size());
        assertThat(parametersOf(started, "revenue_by_tenant")).contains("'week'");
        assertThat(parametersOf(started, "best_sellers")).contains("\"3\"", "'revenue'");
        // It knows no weeks.
        assertThat(parametersOf(started, "revenue_growth")).contains("'month'").doesNotContain("'week'");
    }

    @Test
    void stopsTheOthersWhenOneFails() {
        athena.status("{\"State\":\"FAILED\",\"StateChangeReason\":\"line 1:1: no such table\"}");
        assertThatThrownBy(() -> questions.ask(METRICS, Map.of()))
                .isInstanceOf(LakeException.class)
                .hasMessage("the query failed: line 1:1: no such table");
        assertThat(stop.isMade()).isTrue();
        assertThat(athena.operations().stream().filter("StartQueryExecution"::equals))
                .hasSizeLessThan(METRICS.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "colour|red|no metric has a parameter 'colour': expected one of by, days, from, period, places, to",
                "period|hour|parameter period is 'hour': expected one of day, week, month, quarter, year; or one of",
                "from|yesterday|parameter from is 'yesterday': expected a day from 1970-01-01 to 2999-12-31"
            })
    void refusesAValueThatNoMetricTakes(String name, String value, String message) {
        assertThatThrownBy(() -> MetricQuestions.requireTaken(METRICS, Map.of(name, value)))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageStartingWith(message);
        assertThatCode(() -> MetricQuestions.requireTaken(METRICS, Map.of("period", "week", "by", "segment")))
                .doesNotThrowAnyException();
    }

    private static String parametersOf(List<String> started, String metric) {
        String sql = MetricCatalog.load().named(metric).sql();
        return started.stream()
                .filter(query -> query.startsWith(sql))
                .map(query -> query.substring(sql.length()))
                .findFirst()
                .orElseThrow();
    }
}
