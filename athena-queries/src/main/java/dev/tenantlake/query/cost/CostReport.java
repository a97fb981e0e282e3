package dev.tenantlake.query.cost;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.cost.CostMeasurement.RowCount;
import dev.tenantlake.query.grants.Tenant;
import dev.tenantlake.query.metric.Metric;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the metrics cost on a lake.
 *
 * @param measuredAt when it was measured
 * @param tenants how many there are
 * @param rows of the tables
 * @param all what each costs over all tenants
 * @param tenant whose analyst asked
 * @param own what each costs that analyst
 */
public record CostReport(
        Instant measuredAt,
        int tenants,
        List<RowCount> rows,
        List<MetricCost> all,
        Tenant tenant,
        List<MetricCost> own) {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    public CostReport {
        requireNonNull(measuredAt, "measuredAt");
        rows = List.copyOf(rows);
        all = List.copyOf(all);
        requireNonNull(tenant, "tenant");
        own = List.copyOf(own);
    }

    /** Measures the metrics for the administrator and for the analyst of a tenant. */
    public static CostReport of(
            List<Metric> metrics, CostMeasurement measurement, int tenants, Tenant tenant, AthenaSession analyst) {
        return new CostReport(
                Instant.now(),
                tenants,
                measurement.rowCounts(),
                measurement.ofAll(metrics),
                tenant,
                measurement.ofTenant(metrics, tenant, analyst));
    }

    /** How many of the metrics read no more of bronze's bytes than they are to, and how many there are. */
    public String verdict() {
        return verdict(all);
    }

    private static String verdict(List<MetricCost> costs) {
        return costs.stream().filter(MetricCost::meetsAim).count() + " of " + costs.size();
    }

    /** The report for people. */
    public String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# What a metric costs");
        lines.add("");
        lines.add("""
                Written by `./tenantlake cost`; do not edit. Athena charges for the bytes that a query scans. Each metric was
                asked with its defaults, over all time, through the Athena API, and the bytes are what Athena said of the query
                (`DataScannedInBytes`).""");
        lines.add("");
        lines.add("""
                - **its query**: the metric's own SQL, which reads tables of gold and, in silver, what tenants and products
                  are now.
                - **silver**, **bronze**: a query that reads the columns that the answer is made of, every row of them, and
                  does nothing else. Silver holds each row once; bronze holds every version of it, and each truncate, so that
                  the key and the order of changes (`_op`, `_epoch`, `_ordinal`) are read as well. A query that also gave the answer
                  would read no less.
                - **of bronze**: the bytes of its query over those of bronze. The aim is 1% at most. The footer of one Parquet file
                  is 3 to 4 KB: of what is less than a megabyte in bronze no query reads so little. Nor does one that takes
                  each product of all tenants: with some 300 lines of orders to a product, as the seed has them, 1% is 30 bytes
                  for its name and what it sold in each month.
                - **$ per 1,000**: a thousand such queries at Athena's list price, 5 US dollars for a terabyte scanned in most
                  regions, each query rounded up to a megabyte and to 10 MB at least
                  ([Athena pricing](https://aws.amazon.com/athena/pricing/); megabytes of 1,000,000 bytes). Requests to S3 and
                  the catalog come on top.
                - The engine of a laptop, Trino, reads a Parquet file of less than 3 MB as a whole, whichever columns are asked
                  for. On a small lake every file is one, in every layer, and gold and silver have a file for each tenant and
                  month: the figures then compare files and not columns.""");
        lines.add("");
        lines.add("Measured " + MINUTE.format(measuredAt) + " on a lake of " + tenants + " tenants:");
        lines.add("");
        table(
                lines,
                List.of("table", "rows in bronze", "rows in silver"),
                rows.stream()
                        .map(row -> List.of(row.table(), grouped(row.bronze()), grouped(row.silver())))
                        .toList());
        section(lines, "As the administrator, over all tenants", all);
        section(lines, "As the analyst of " + tenant.slug(), own);
        lines.add("""
                Bronze is not partitioned by tenant, so one tenant's answer from it reads the others' rows as well; its bytes
                are those of the administrator's query for that tenant.""");
        return String.join("\n", lines) + "\n";
    }

    private static void section(List<String> lines, String title, List<MetricCost> costs) {
        lines.add("## " + title);
        lines.add("");
        lines.add(verdict(costs) + " metrics read 1% or less of what bronze would need.");
        lines.add("");
        table(
                lines,
                List.of("metric", "its query", "silver", "bronze", "of bronze", "aim", "$ per 1,000", "from bronze"),
                costs.stream()
                        .map(cost -> List.of(
                                name(cost),
                                grouped(cost.own()),
                                grouped(cost.silver()),
                                grouped(cost.bronze()),
                                percent(cost),
                                cost.meetsAim() ? "met" : "**missed**",
                                AthenaPrice.ofThousand(cost.own()).toString(),
                                AthenaPrice.ofThousand(cost.bronze()).toString()))
                        .toList());
    }

    private static String name(MetricCost cost) {
        return "[" + cost.metric().name() + "](metrics.md#" + cost.metric().name() + ")";
    }

    private static String percent(MetricCost cost) {
        return String.format(Locale.ROOT, "%.2f%%", cost.percentOfBronze());
    }

    private static String grouped(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes);
    }

    private static void table(List<String> lines, List<String> columns, List<List<String>> rows) {
        lines.add(line(columns));
        lines.add(line(columns.stream()
                .map(column -> column.equals(columns.get(0)) || column.equals("aim") ? "---" : "---:")
                .toList()));
        rows.forEach(row -> lines.add(line(row)));
        lines.add("");
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }
}
