package dev.tenantlake.query.cost;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.CollectedResult;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.grants.Tenant;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Runs what is to be measured, one after the other, and takes down what Athena says that it scanned. */
public final class CostMeasurement {

    private final AthenaSession admin;
    private final Duration timeout;
    private final StopRequest stop;
    private final Consumer<String> progress;
    /** By its SQL; several metrics are made of the same columns. */
    private final Map<String, Long> adminScans = new HashMap<>();

    /**
     * A measurement.
     *
     * @param admin who may read bronze
     * @param timeout how long each query may take
     * @param progress is told what is measured next
     */
    public CostMeasurement(AthenaSession admin, Duration timeout, StopRequest stop, Consumer<String> progress) {
        this.admin = requireNonNull(admin, "admin");
        this.timeout = requireNonNull(timeout, "timeout");
        this.stop = requireNonNull(stop, "stop");
        this.progress = requireNonNull(progress, "progress");
    }

    /** What the metrics cost the administrator, over all tenants. */
    List<MetricCost> ofAll(List<Metric> metrics) {
        return metrics.stream()
                .map(metric -> cost(metric, admin, Optional.empty()))
                .toList();
    }

    /** What they cost the analyst of a tenant; bronze is read by the administrator, for that tenant alone. */
    List<MetricCost> ofTenant(List<Metric> metrics, Tenant tenant, AthenaSession analyst) {
        return metrics.stream()
                .map(metric -> cost(metric, analyst, Optional.of(tenant)))
                .toList();
    }

    private MetricCost cost(Metric metric, AthenaSession asking, Optional<Tenant> tenant) {
        progress.accept(metric.name() + tenant.map(one -> " for " + one.slug()).orElse(""));
        SourceReading reading = SourceReading.of(metric);
        return new MetricCost(
                metric,
                scan(asking, metric.statement(Map.of())),
                scan(asking, new Statement(reading.fromSilver(), List.of())),
                adminScans.computeIfAbsent(
                        reading.fromBronze(tenant.map(Tenant::id)), sql -> scan(admin, new Statement(sql, List.of()))));
    }

    /** How many rows the tables have. */
    List<RowCount> rowCounts() {
        List<RowCount> counts = new ArrayList<>();
        List<String> bronze = counts("bronze");
        List<String> silver = counts("silver");
        for (int i = 0; i < SourceTable.ALL.size(); i++) {
            counts.add(new RowCount(
                    SourceTable.ALL.get(i).name(), Long.parseLong(bronze.get(i)), Long.parseLong(silver.get(i))));
        }
        return counts;
    }

    /**
     * The rows of a table.
     *
     * @param bronze every version of every row
     * @param silver every row
     */
    record RowCount(String table, long bronze, long silver) {}

    private List<String> counts(String database) {
        String sql = SourceTable.ALL.stream()
                .map(table -> "(SELECT count(*) FROM " + database + "." + table.name() + ")")
                .collect(Collectors.joining(", ", "SELECT ", ""));
        CollectedResult result = new CollectedResult(1);
        admin.run(new Statement(sql, List.of()), timeout, stop, result);
        return result.rows().get(0);
    }

    private long scan(AthenaSession asking, Statement statement) {
        return asking.run(statement, timeout, stop, new CollectedResult(0)).scannedBytes();
    }
}
