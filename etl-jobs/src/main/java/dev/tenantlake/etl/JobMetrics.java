package dev.tenantlake.etl;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiMaintenance;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.SilverAudit;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the job counts and measures of itself. */
final class JobMetrics {

    private static final double[] SECONDS = {0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 120, 300, 600};
    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry;
    private final Gauge epoch;
    private final Gauge batch;
    private final Gauge stopped;
    private final Counter commits;
    private final Counter rows;
    private final Counter failures;
    private final Histogram commitSeconds;
    private final Histogram delaySeconds;
    private final Counter filesDeleted;
    private final Counter instantsArchived;
    private final Counter maintenanceFailures;
    private final Gauge tableRows;
    private final Gauge validShare;
    private final Gauge findings;

    JobMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        epoch = gauge(registry, "tenantlake_layer_epoch", "The last epoch that the layer holds.", "layer");
        batch = gauge(
                registry, "tenantlake_layer_batch_epochs", "How many epochs the layer's last step took in.", "layer");
        stopped = gauge(
                registry, "tenantlake_layer_stopped_tables", "How many of the layer's tables cannot follow.", "layer");
        commits = counter(registry, "tenantlake_layer_commits_total", "Steps that the layer made.", "layer");
        rows = counter(
                registry,
                "tenantlake_layer_rows_total",
                "Rows that were added to a table, replaced in it or taken out of it.",
                "layer",
                "table");
        failures = counter(
                registry, "tenantlake_layer_failures_total", "Failures of the layer, by what sort.", "layer", "kind");
        commitSeconds =
                histogram(registry, "tenantlake_layer_commit_seconds", "How long the layer's steps took.", "layer");
        delaySeconds = histogram(
                registry,
                "tenantlake_layer_commit_delay_seconds",
                "From the commit of the first and of the last transaction of a step, by the source's clock, until the"
                        + " layer held it.",
                "layer",
                "transaction");
        filesDeleted = counter(
                registry,
                "tenantlake_maintenance_files_deleted_total",
                "Files deleted that only older commits needed.",
                "table");
        instantsArchived = counter(
                registry,
                "tenantlake_maintenance_instants_archived_total",
                "Objects of the table's timeline that were archived.",
                "table");
        maintenanceFailures = counter(
                registry, "tenantlake_maintenance_failures_total", "Failed rounds of a table's maintenance.", "table");
        tableRows = gauge(
                registry,
                "tenantlake_table_rows",
                "Rows of the source's table: valid ones are in silver, the others in quarantine.",
                "table",
                "state");
        findings = gauge(
                registry,
                "tenantlake_audit_broken_rows",
                "Rows of silver that the last audit found to break a rule on references or uniqueness.",
                "table",
                "rule");
        validShare = gauge(registry, "tenantlake_table_valid_share", "The share of its rows that are valid.", "table");
    }

    /**
     * Makes a step of a layer, if there is one to be made, and measures it.
     *
     * @param step says whether there was something to do
     * @param position how far the layer is
     */
    boolean measure(BooleanSupplier step, Supplier<Optional<LayerPosition>> position) {
        long before = position.get().map(LayerPosition::epoch).orElse(0L);
        long started = System.nanoTime();
        boolean progressed = step.getAsBoolean();
        Optional<LayerPosition> reached = position.get();
        if (progressed && reached.isPresent()) {
            committed(reached.get(), reached.get().epoch() - before, Duration.ofNanos(System.nanoTime() - started));
        }
        return progressed;
    }

    private void committed(LayerPosition position, long epochs, Duration took) {
        String layer = position.layer().database();
        epoch.labelValues(layer).set(position.epoch());
        batch.labelValues(layer).set(epochs);
        stopped.labelValues(layer).set(position.stopped().size());
        commits.labelValues(layer).inc();
        commitSeconds.labelValues(layer).observe(took.toNanos() / NANOS);
        delaySeconds.labelValues(layer, "first").observe(seconds(position.firstCommittedAt(), position.completedAt()));
        delaySeconds.labelValues(layer, "last").observe(seconds(position.sourceCommittedAt(), position.completedAt()));
        position.quality().forEach((table, quality) -> {
            tableRows.labelValues(table, "valid").set(quality.valid());
            tableRows.labelValues(table, "quarantined").set(quality.quarantined());
            validShare.labelValues(table).set(quality.validShare());
        });
    }

    /** All rows of silver were looked at. */
    void audited(SilverAudit audit) {
        findings.clear();
        audit.findings()
                .forEach(found ->
                        findings.labelValues(found.table(), found.rule()).set(found.rows()));
    }

    /** A table was committed to. */
    void committed(HudiTable table, HudiCommit commit) {
        rows.labelValues(table.layer().database(), table.name()).inc(commit.rows());
    }

    /** A layer's step failed. */
    void failed(Layer layer, RuntimeException failure) {
        String kind =
                failure instanceof LakeException known ? known.kind().name().toLowerCase(Locale.ROOT) : "other";
        failures.labelValues(layer.database(), kind).inc();
    }

    /** A table's past was brought within its bounds. */
    void maintained(HudiTable table, HudiMaintenance.Result done) {
        filesDeleted.labelValues(table.qualifiedName()).inc(done.files());
        instantsArchived.labelValues(table.qualifiedName()).inc(done.instants());
    }

    /** A table's maintenance failed. */
    void maintenanceFailed(HudiTable table) {
        maintenanceFailures.labelValues(table.qualifiedName()).inc();
    }

    /**
     * Has the requests to S3 among what is told.
     *
     * @param count by operation, how many there were so far
     */
    void requests(Supplier<Map<String, Long>> count) {
        CounterWithCallback.builder()
                .name("tenantlake_s3_requests_total")
                .help("Requests to S3 that Spark and Hudi made in this process, by operation.")
                .labelNames("operation")
                .callback(told -> count.get().forEach((operation, requests) -> told.call(requests, operation)))
                .register(registry);
    }

    /** Clocks of two machines may differ: never less than nothing. */
    private static double seconds(Instant from, Instant until) {
        return Math.max(0, Duration.between(from, until).toNanos() / NANOS);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private static Histogram histogram(PrometheusRegistry registry, String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }
}
