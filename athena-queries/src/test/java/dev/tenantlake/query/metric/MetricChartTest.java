package dev.tenantlake.query.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tenantlake.query.metric.MetricChart.Kind;
import dev.tenantlake.query.metric.MetricChart.Measure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricChartTest {

    @Test
    void readsWhatIsDrawn() {
        assertThat(MetricChart.parse("stack of new_mrr, -churned_mrr in currency by month"))
                .isEqualTo(new MetricChart(
                        Kind.STACK,
                        List.of(new Measure("new_mrr", false), new Measure("churned_mrr", true)),
                        Optional.of("currency"),
                        Optional.of("month"),
                        Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "line of revenue by month",
                "rank of turnover in times a year by category",
                "stack of share_percent in percent by month per category",
                "bars of started, -cancelled by month",
                "funnel of visits, carts in visits",
                "heatmap of retention_percent in percent by months_since per cohort_month"
            })
    void isReadAsItIsWritten(String text) {
        assertThat(MetricChart.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "line revenue by month              | expected KIND of COLUMN",
                "line of Revenue by month           | expected KIND of COLUMN",
                "line of revenue per plan by month  | expected KIND of COLUMN",
                "pie of revenue by month            | 'pie' is no kind: expected one of line, bars, stack, rank, funnel, heatmap",
                "line of revenue                    | expected by and a column",
                "funnel of visits by month          | a funnel has no axis",
                "heatmap of visits by month         | a heatmap has two axes",
                "rank of units by sku per category  | a rank cannot be split",
                "line of a, b by month per category | only one column can be split"
            })
    void refusesWhatCannotBeDrawn(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricChart.parse(text))
                .withMessageStartingWith(message);
    }
}
