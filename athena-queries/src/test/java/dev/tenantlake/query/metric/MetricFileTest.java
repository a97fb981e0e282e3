package dev.tenantlake.query.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricFileTest {

    private static final String GOOD = """
            -- metric: orders_by_day
            -- answers: How many orders are there
            --   on each day?
            -- subject: revenue
            -- grain: tenant, day
            -- tables: gold.revenue_daily, silver.tenants
            -- chart: line of orders
            --   in orders by day
            -- parameter: from date = 2026-01-01; the first day
            -- parameter: least integer(0..9); how many orders a day has to have; all that have fewer are left out
            -- note: One thing
            --   to know.
            -- note: Another.

            SELECT t.slug AS tenant, d.day, sum(d.orders) AS orders
            FROM gold.revenue_daily AS d
            JOIN silver.tenants AS t ON t.id = d.tenant_id -- is it? yes
            WHERE d.day >= CAST(? /* from */ AS date)
                AND (d.day >= CAST(? /* from */ AS date) OR d.orders >= ? /* least */)
            GROUP BY t.slug, d.day
            """;

    private static final Map<String, String> PARTS =
            Map.of("orders_of_days", """
            -- What was bought.
            SELECT tenant_id, day, orders

            FROM gold.revenue_daily
            WHERE day >= CAST(? /* from */ AS date)
            """, "nested", "SELECT 1 FROM (\n    -- include: orders_of_days\n)\n");

    @Test
    void readsWhatIsDeclared() {
        Metric metric = MetricFile.parse("orders_by_day.sql", GOOD, PARTS);
        assertThat(metric.answers()).isEqualTo("How many orders are there on each day?");
        assertThat(metric.subject()).isEqualTo(Subject.REVENUE);
        assertThat(metric.grain()).containsExactly("tenant", "day");
        assertThat(metric.tables()).containsExactly("gold.revenue_daily", "silver.tenants");
        assertThat(metric.charts())
                .containsExactly(new MetricChart(
                        MetricChart.Kind.LINE,
                        List.of(new MetricChart.Measure("orders", false)),
                        Optional.of("orders"),
                        Optional.of("day"),
                        Optional.empty()));
        assertThat(metric.notes()).containsExactly("One thing to know.", "Another.");
        assertThat(metric.parameters())
                .containsExactly(
                        new MetricParameter(
                                "from", new ParameterType.Day(), Optional.of("2026-01-01"), "the first day"),
                        new MetricParameter(
                                "least",
                                new ParameterType.Whole(0, 9),
                                Optional.empty(),
                                "how many orders a day has to have; all that have fewer are left out"));
        assertThat(metric.bindings()).containsExactly("from", "from", "least");
        assertThat(metric.sql()).startsWith("SELECT t.slug").endsWith("GROUP BY t.slug, d.day");
    }

    @Test
    void bindsTheValuesInTheOrderOfTheQuestionMarks() {
        Metric metric = MetricFile.parse("orders_by_day.sql", GOOD, PARTS);
        assertThat(metric.statement(Map.of("least", "2")))
                .isEqualTo(new Statement(metric.sql(), List.of("'2026-01-01'", "'2026-01-01'", "2")));
        assertThat(metric.statement(Map.of("least", "0", "from", "2026-06-30")).parameters())
                .containsExactly("'2026-06-30'", "'2026-06-30'", "0");
    }

    @Test
    void refusesValuesThatDoNotFit() {
        Metric metric = MetricFile.parse("orders_by_day.sql", GOOD, PARTS);
        assertRefused(
                metric,
                Map.of(),
                "metric orders_by_day needs --param least=VALUE: expected a whole number from 0 to 9");
        assertRefused(
                metric,
                Map.of("least", "ten"),
                "parameter least of metric orders_by_day is 'ten': expected a whole number from 0 to 9");
        assertRefused(
                metric,
                Map.of("least", "1", "tenant_id", "3"),
                "metric orders_by_day has no parameter 'tenant_id': expected one of from, least");
    }

    private static void assertRefused(Metric metric, Map<String, String> values, String message) {
        assertThatThrownBy(() -> metric.statement(values))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessage(message);
    }

    /** Each line: what is replaced in the good file, by what, and what is said of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "metric: orders_by_day|metric: other|metric is 'other'",
                "metric: orders_by_day|tables: gold.revenue_daily|the header has 0 fields 'metric'",
                "answers: How|answer: How|line 2 is not a field of the header",
                "subject: revenue|subject: money|subject is 'money': expected one of revenue, customers,",
                "subject: revenue|note: none|the header has 0 fields 'subject'",
                "chart: line|note: line|the header has no field 'chart'",
                "chart: line of orders|chart: line of sales|chart names sales, which the SQL does not",
                "chart: line of orders|chart: pie of orders|'pie' is no kind: expected one of line, bars, stack,",
                "on each day?|on each day|expected a question",
                "grain: tenant, day|grain: tenant, month|grain names month",
                "grain: tenant, day|grain: tenant, tenant|grain names one thing twice",
                "tables: gold.revenue_daily, silver.tenants|tables: gold.revenue_daily|the SQL reads",
                "tables: gold.revenue_daily|tables: gold.other, gold.revenue_daily|the SQL reads",
                "gold.revenue_daily|bronze.revenue_daily|which analysts are not granted",
                "from date = 2026-01-01; the|from date 2026-01-01; the|expected NAME TYPE = DEFAULT; MEANING",
                "from date = 2026-01-01; the|from day = 2026-01-01; the|'day' is not a type",
                "from date = 2026-01-01; the|from date = 2026-01-32; the|expected a day",
                "least integer(0..9); how|from integer(0..9); how|parameter from is declared twice",
                "least integer(0..9); how|tenant_id integer(0..9); how|whose rows a query sees",
                "least integer(0..9); how|most integer(0..9); how|parameters are [from, most]: the SQL uses [from, least]",
                "? /* least */|1|parameters are [from, least]: the SQL uses [from]",
                "? /* least */|?|a question mark does not say what it stands for",
                "sum(d.orders)|sum(? /* least */)|outside a WHERE clause",
                "GROUP BY t.slug, d.day|GROUP BY 1, 2 LIMIT ? /* least */|outside a WHERE clause",
                "GROUP BY t.slug, d.day|GROUP BY 1, 2;|holds a semicolon",
                "SELECT t.slug|DELETE t.slug|begins with 'DELETE'"
            })
    void refusesAFileThatAReaderCouldNotRelyOn(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> MetricFile.parse("orders_by_day.sql", GOOD.replace(good, bad), PARTS))
                .isInstanceOf(MalformedMetricException.class)
                .hasMessageStartingWith("orders_by_day.sql: ")
                .hasMessageContaining(message);
    }

    @Test
    void putsAPartInThePlaceOfItsInclude() {
        Metric metric = MetricFile.parse(
                "orders_by_day.sql",
                GOOD.replace("FROM gold.revenue_daily AS d", "FROM (\n    -- include: orders_of_days\n) AS d"),
                PARTS);
        assertThat(metric.sql()).contains("""
                FROM (
                    -- What was bought.
                    SELECT tenant_id, day, orders

                    FROM gold.revenue_daily
                    WHERE day >= CAST(? /* from */ AS date)
                ) AS d
                """);
        assertThat(metric.bindings()).containsExactly("from", "from", "from", "least");
        assertThat(metric.tables()).containsExactly("gold.revenue_daily", "silver.tenants");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-- include: orders_of_weeks|it includes 'orders_of_weeks': expected one of nested, orders_of_days",
                "-- include: nested|'-- include: orders_of_days' includes nothing",
                "(SELECT 1) -- include: orders_of_days|'-- include: orders_of_days' includes nothing",
                "-- include: orders_of_days, nested|'-- include: orders_of_days, nested' includes nothing",
                "--include: orders_of_days|'--include: orders_of_days' includes nothing",
                "-- Include : orders_of_days|'-- Include : orders_of_days' includes nothing"
            })
    void refusesAnIncludeThatIsNoneOfAPartInALineOfItsOwn(String line, String message) {
        String text = GOOD.replace("FROM gold.revenue_daily AS d", "FROM (\n    " + line + "\n) AS d");
        assertThatThrownBy(() -> MetricFile.parse("orders_by_day.sql", text, PARTS))
                .isInstanceOf(MalformedMetricException.class)
                .hasMessageStartingWith("orders_by_day.sql: " + message);
        String header = GOOD.replace("-- note: Another.", "-- note: Another.\n" + line);
        assertThatThrownBy(() -> MetricFile.parse("orders_by_day.sql", header, PARTS))
                .isInstanceOf(MalformedMetricException.class);
    }

    @Test
    void refusesAHeaderWithoutSql() {
        String header = GOOD.substring(0, GOOD.indexOf("SELECT"));
        assertThatThrownBy(() -> MetricFile.parse("orders_by_day.sql", header, PARTS))
                .isInstanceOf(MalformedMetricException.class)
                .hasMessageContaining("there is no SQL after the header");
    }
}
