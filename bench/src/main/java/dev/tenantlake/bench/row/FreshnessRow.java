package dev.tenantlake.bench.row;

import dev.tenantlake.bench.report.Aim;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.Percentiles;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Table;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the row of how long after its commit an order is seen through Athena. */
final class FreshnessRow {

    private static final Map<Layer, Double> AIMS = Map.of(Layer.BRONZE, 3.0, Layer.SILVER, 15.0, Layer.GOLD, 20.0);

    private FreshnessRow() {}

    static RowResult of(String name, LiveRows.Watched watched, Conditions conditions) {
        List<Figure> figures = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            Percentiles seen = Percentiles.of(watched.seen().seen(layer, java.time.Duration.ZERO, watched.time()));
            Percentiles held = Percentiles.of(watched.seen().held(layer, java.time.Duration.ZERO, watched.time()));
            figures.add(Figure.of(
                    layer.database() + " p95", seen.p95(), "s", Optional.of(Aim.atMost(AIMS.get(layer), "s"))));
            rows.add(row(layer.database() + ", in Athena's answer", seen));
            rows.add(row(layer.database() + ", by the layer's own record", held));
        }
        return new RowResult(
                name,
                "commit in Postgres → seen through the Athena API, at " + LiveRows.RATE + " transactions/s",
                "the clock",
                figures,
                List.of(),
                List.of(new Table(
                        "Seconds from the commit", List.of("", "probes", "p50", "p95", "p99", "highest"), rows)),
                List.of(
                        String.format(
                                Locale.ROOT,
                                "A lake that is up, on a shop of %s; traffic %d transactions/s asked for, %.1f"
                                        + " written. Watched for %d s, after a warm-up under the same traffic.",
                                "eight tenants",
                                LiveRows.RATE,
                                watched.traffic().rate(),
                                watched.time().toSeconds()),
                        "About every 3 s an order of its own currency is placed, and asked for by it: in"
                                + " `bronze.orders` (its last two blocks of epochs) as the administrator, in"
                                + " `silver.orders` and `gold.revenue_daily` as the analyst of its tenant. The time"
                                + " runs from asking Postgres for the commit until the answer that holds the order is in hand, the query's"
                                + " own time included.",
                        String.format(
                                Locale.ROOT,
                                "Athena is asked only once the layer's own record says that the order is there (looked"
                                        + " at every 0.1 s for bronze, 0.2 s for the others), since polling with queries"
                                        + " would be the load: %d queries in all, one at a time for each layer. Its answer"
                                        + " is polled for every %.2f s. A wait of up to that much is in the figures.",
                                watched.seen().questions(),
                                AthenaSession.POLL.toMillis() / 1000.0)),
                List.of(watched.use()),
                conditions);
    }

    private static List<String> row(String name, Percentiles percentiles) {
        return List.of(
                name,
                Integer.toString(percentiles.samples()),
                seconds(percentiles.p50()),
                seconds(percentiles.p95()),
                seconds(percentiles.p99()),
                seconds(percentiles.highest()));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }
}
