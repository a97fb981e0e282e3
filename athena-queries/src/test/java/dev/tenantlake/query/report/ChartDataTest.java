package dev.tenantlake.query.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.query.metric.MetricChart.Kind;
import dev.tenantlake.query.report.ChartData.Series;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartDataTest {

    @Test
    void drawsEachTenantAndCurrencyByItself() {
        MetricAnswer answer = Answers.revenue(
                "acme|2026-01-01|EUR|1|5.00|0.00|5.00",
                "acme|2026-01-01|USD|2|30.00|10.00|20.00",
                "acme|2026-02-01|USD|1|1234.50|0.00|1234.50",
                "beta|2026-01-01|USD|1|7.00|0.00|7.00");
        assertThat(Panel.of(answer))
                .extracting(panel -> panel.tenant() + " " + panel.currency().orElseThrow())
                .containsExactly("acme EUR", "acme USD", "beta USD");
        ChartData chart = only(answer, 1);
        assertThat(chart)
                .isEqualTo(new ChartData(
                        Kind.STACK,
                        "net revenue, refunds",
                        "USD",
                        List.of("Jan 2026", "Feb 2026"),
                        List.of(series("net revenue", "20.00", "1234.50"), series("refunds", "10.00", "0.00")),
                        0,
                        false));
        assertThat(chart.description())
                .isEqualTo("Stacked bar chart: net revenue, refunds, in USD. From Jan 2026 to Feb 2026. net revenue:"
                        + " highest 1,234.50 (Feb 2026), lowest 20.00 (Jan 2026). refunds: highest 10.00 (Jan 2026),"
                        + " lowest 0.00 (Feb 2026). The figures are in the table below.");
    }

    @Test
    void namesAPeriodByItsLength() {
        for (Map.Entry<String, String> name : Map.of(
                        "day",
                        "2026-07-01",
                        "week",
                        "2026-07-01",
                        "month",
                        "Jul 2026",
                        "quarter",
                        "Q3 2026",
                        "year",
                        "2026")
                .entrySet()) {
            MetricAnswer answer = Answers.of(
                    "average_order_value",
                    Map.of("period", name.getKey()),
                    "tenant varchar, period_start date, currency varchar, average_order_value decimal",
                    "acme|2026-07-01|USD|12.50");
            assertThat(only(answer, 0).labels()).containsExactly(name.getValue());
        }
    }

    @Test
    void marksAPeriodThatIsNotOverAndLeavesOutWhatIsNotKnown() {
        MetricAnswer answer = Answers.of(
                "revenue_growth",
                "tenant varchar, period_start date, currency varchar, growth_percent decimal, is_complete boolean",
                "acme|2026-01-01|USD||true",
                "acme|2026-02-01|USD|-12.50|true",
                "acme|2026-03-01|USD||false");
        ChartData chart = only(answer, 0);
        assertThat(chart.labels()).containsExactly("Jan 2026", "Feb 2026", "Mar 2026*");
        assertThat(chart.hasUnfinished()).isTrue();
        assertThat(chart.series()).containsExactly(series("growth percent", null, "-12.50", null));
    }

    @Test
    void drawsNothingWhereNoValueIsKnown() {
        MetricAnswer answer = Answers.of(
                "revenue_growth",
                "tenant varchar, period_start date, currency varchar, growth_percent decimal, is_complete boolean",
                "acme|2026-03-01|USD||false");
        assertThat(chart(answer, 0, 0)).isEmpty();
    }

    @Test
    void splitsAColumnByAnotherWithAHoleWhereThereIsNoRow() {
        ChartData chart = only(
                Answers.of(
                        "customer_acquisition",
                        "tenant varchar, period_start date, acquired_via varchar, new_customers bigint",
                        "acme|2026-02-01|search|1",
                        "acme|2026-02-01|ads|4",
                        "acme|2026-01-01|search|3"),
                0);
        assertThat(chart.labels()).containsExactly("Jan 2026", "Feb 2026");
        assertThat(chart.series())
                .as("by name, for the colours")
                .containsExactly(series("ads", null, "4"), series("search", "3", "1"));
        assertThat(chart.title()).isEqualTo("new customers per acquired via");
    }

    @Test
    void drawsWhatIsLostBelowZero() {
        ChartData chart = only(
                Answers.of(
                        "mrr_movements",
                        "tenant varchar, month date, currency varchar, new_mrr decimal, reactivation_mrr decimal,"
                                + " expansion_mrr decimal, contraction_mrr decimal, churned_mrr decimal,"
                                + " is_complete boolean",
                        "acme|2026-01-01|USD|10.00|0.00|2.00|1.00|3.50|true"),
                0);
        assertThat(chart.series())
                .containsExactly(
                        series("new MRR", "10.00"),
                        series("reactivation MRR", "0.00"),
                        series("expansion MRR", "2.00"),
                        series("contraction MRR", "-1.00"),
                        series("churned MRR", "-3.50"));
    }

    @Test
    void ranksTheFirstOfManyThings() {
        MetricAnswer answer = Answers.bestSellers(IntStream.rangeClosed(1, 20)
                .mapToObj(place -> "acme|USD|" + place + "|" + place + "|S" + place + "|"
                        + (place == 2 ? "" : place == 3 ? "Thing 1" : "Thing " + place) + "|c|1|1|" + (100 - place)
                        + ".00")
                .toArray(String[]::new));
        ChartData chart = only(answer, 0);
        assertThat(chart.labels()).hasSize(12).startsWith("Thing 1", "(none)", "Thing 1", "Thing 4");
        assertThat(chart.series().get(0).values())
                .startsWith(new BigDecimal("99.00"), new BigDecimal("98.00"), new BigDecimal("97.00"));
        assertThat(chart.leftOut()).isEqualTo(8);
    }

    @Test
    void addsUpTheStepsOfAFunnel() {
        String columns = "tenant varchar, period_start date, visits bigint, product_views bigint, carts bigint,"
                + " checkouts bigint, purchases bigint, conversion_percent decimal";
        MetricAnswer answer = Answers.of(
                "conversion_funnel",
                columns,
                "acme|2026-01-01|100|80|40|20|10|10.00",
                "acme|2026-02-01|50|40|20|10|5|10.00");
        ChartData chart = only(answer, 0);
        assertThat(chart.labels()).containsExactly("visits", "product views", "carts", "checkouts", "purchases");
        assertThat(chart.series()).containsExactly(series("visits", "150", "120", "60", "30", "15"));
        assertThat(chart(answer, 0, 1).orElseThrow().kind()).isEqualTo(Kind.LINE);
    }

    @Test
    void laysCohortsOverMonths() {
        ChartData chart = only(
                Answers.of(
                        "customer_cohorts",
                        "tenant varchar, currency varchar, cohort_month date, months_since bigint,"
                                + " retention_percent decimal, is_complete boolean",
                        "acme|USD|2026-01-01|0|100.00|true",
                        "acme|USD|2026-01-01|1|40.00|false",
                        "acme|USD|2026-02-01|0|100.00|false"),
                0);
        assertThat(chart.title()).isEqualTo("retention percent per cohort month and months since");
        assertThat(chart.labels()).containsExactly("0", "1");
        assertThat(chart.series())
                .containsExactly(series("Jan 2026", "100.00", "40.00"), series("Feb 2026", "100.00", null));
        assertThat(chart.hasUnfinished()).isFalse();
    }

    private static ChartData only(MetricAnswer answer, int panel) {
        return chart(answer, panel, 0).orElseThrow();
    }

    private static Optional<ChartData> chart(MetricAnswer answer, int panel, int chart) {
        return ChartData.of(
                answer, answer.metric().charts().get(chart), Panel.of(answer).get(panel));
    }

    private static Series series(String name, String... values) {
        return new Series(
                name,
                Arrays.stream(values)
                        .map(value -> value == null ? null : new BigDecimal(value))
                        .toList());
    }
}
