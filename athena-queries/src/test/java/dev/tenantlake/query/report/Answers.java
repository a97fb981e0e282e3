package dev.tenantlake.query.report;

import dev.tenantlake.query.athena.ResultColumn;
import dev.tenantlake.query.metric.MetricCatalog;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Answers of metrics as Athena gives them, written down. */
final class Answers {

    private static final MetricCatalog METRICS = MetricCatalog.load();

    private Answers() {}

    /**
     * An answer.
     *
     * @param columns each with its type, {@code revenue decimal}
     * @param rows values between bars, nothing for a null
     */
    static MetricAnswer of(String metric, String columns, String... rows) {
        return of(metric, Map.of(), columns, rows);
    }

    static MetricAnswer of(String metric, Map<String, String> values, String columns, String... rows) {
        return new MetricAnswer(
                METRICS.named(metric),
                values,
                Arrays.stream(columns.split(", "))
                        .map(column -> new ResultColumn(column.split(" ")[0], column.split(" ")[1]))
                        .toList(),
                Arrays.stream(rows).map(Answers::row).toList(),
                false,
                1000);
    }

    private static List<String> row(String text) {
        return Arrays.stream(text.split("\\|", -1))
                .map(value -> value.isEmpty() ? null : value)
                .toList();
    }

    static MetricAnswer revenue(String... rows) {
        return of(
                "revenue_by_tenant",
                "tenant varchar, period_start date, currency varchar, orders bigint, revenue decimal, refunds decimal,"
                        + " net_revenue decimal",
                rows);
    }

    static MetricAnswer bestSellers(String... rows) {
        return of(
                "best_sellers",
                "tenant varchar, currency varchar, place bigint, product_id bigint, sku varchar, product varchar,"
                        + " category varchar, orders bigint, units bigint, revenue decimal",
                rows);
    }
}
