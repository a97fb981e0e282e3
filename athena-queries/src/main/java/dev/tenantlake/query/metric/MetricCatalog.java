package dev.tenantlake.query.metric;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.sql.SqlFolder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The metrics that there are: one file each, {@code metrics/<name>.sql} on the class path. What several of them say is in
 * {@code metrics/parts/<part>.sql}.
 */
public final class MetricCatalog {

    private final SortedMap<String, Metric> metrics;

    private MetricCatalog(SortedMap<String, Metric> metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /**
     * Reads all of them.
     *
     * @throws MalformedMetricException if one is not as it has to be
     */
    public static MetricCatalog load() {
        SortedMap<String, Metric> metrics = new TreeMap<>();
        SortedMap<String, String> parts = SqlFolder.read("/metrics/parts").texts();
        SqlFolder.read("/metrics").files().forEach((file, text) -> {
            Metric metric = MetricFile.parse(file, text, parts);
            metrics.put(metric.name(), metric);
        });
        return new MetricCatalog(metrics);
    }

    /** All metrics in the order of their names. */
    public List<Metric> all() {
        return List.copyOf(metrics.values());
    }

    /**
     * The metric of that name.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there is none; it names the ones with a name like that
     */
    public Metric named(String name) {
        Metric metric = metrics.get(name);
        if (metric == null) {
            List<String> close = CloseNames.to(name, metrics.keySet());
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "there is no metric '" + name + "': "
                            + (close.isEmpty()
                                    ? "expected one of " + String.join(", ", metrics.keySet())
                                    : "did you mean " + String.join(" or ", close)
                                            + "? The command metrics lists them all"));
        }
        return metric;
    }
}
