package dev.tenantlake.ingest.bronze;

import dev.tenantlake.model.EpochManifest;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a run tells of the epochs that it makes part of the lake, and of what went wrong. */
public final class BronzeMetrics {

    private static final double[] SECONDS = {0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 1800};
    private static final double[] ROWS = {1, 10, 100, 1_000, 10_000, 100_000, 500_000, 1_000_000, 10_000_000};

    private final Gauge epoch;
    private final Counter epochs;
    private final Counter rows;
    private final Counter bytes;
    private final Histogram epochRows;
    private final Histogram publishSeconds;
    private final Histogram delaySeconds;
    private final Counter loadRows;
    private final Histogram loadSeconds;
    private final Gauge tableCarried;
    private final Counter failures;
    private final Counter restarts;
    private final Counter settled;
    private final Counter settlingFailures;
    private Set<String> carriedBefore = Set.of();

    /** @param registry which serves them */
    public BronzeMetrics(PrometheusRegistry registry) {
        epoch = Gauge.builder()
                .name("tenantlake_bronze_epoch")
                .help("The number of bronze's last epoch")
                .register(registry);
        epochs =
                counter(registry, "tenantlake_bronze_epochs", "Epochs that this process made part of the lake", "kind");
        rows = counter(
                registry,
                "tenantlake_bronze_rows",
                "Change rows that this process made part of the lake",
                "table",
                "op");
        bytes = counter(registry, "tenantlake_bronze_bytes", "Bytes of files that this process made part of the lake");
        epochRows = histogram(registry, "tenantlake_bronze_epoch_rows", "Rows of an epoch of the stream", ROWS);
        publishSeconds = histogram(
                registry,
                "tenantlake_bronze_publish_seconds",
                "From an epoch's cut to its manifest being in the lake",
                SECONDS);
        delaySeconds = histogram(
                registry,
                "tenantlake_bronze_delay_seconds",
                "From the commit in the source of an epoch's first transaction to the epoch being in the lake",
                SECONDS);
        loadRows = counter(registry, "tenantlake_bronze_load_rows", "Rows that whole tables were loaded with", "kind");
        loadSeconds = Histogram.builder()
                .name("tenantlake_bronze_load_seconds")
                .help("How long tables took to load")
                .labelNames("kind")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
        tableCarried = Gauge.builder()
                .name("tenantlake_bronze_table_carried")
                .help("Whether a table's changes are carried: 1, or 0 until it can be loaded anew")
                .labelNames("table")
                .register(registry);
        failures = counter(registry, "tenantlake_bronze_failures", "Failures, by what is done about them", "kind");
        restarts = counter(
                registry, "tenantlake_bronze_restarts", "How often it began anew after a failure within this process");
        settled = counter(
                registry,
                "tenantlake_bronze_settled",
                "Partitions whose small files were brought together for queries");
        settlingFailures =
                counter(registry, "tenantlake_bronze_settling_failures", "How often that failed; it is tried again");
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private static Histogram histogram(PrometheusRegistry registry, String name, String help, double[] bounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    /** The lake's last epoch was found, or made part of it. */
    void at(EpochManifest manifest) {
        epoch.set(manifest.epoch());
        Set<String> gone = new HashSet<>(carriedBefore);
        gone.removeAll(manifest.loaded());
        gone.forEach(table -> tableCarried.labelValues(table).set(0));
        manifest.loaded().forEach(table -> tableCarried.labelValues(table).set(1));
        carriedBefore = manifest.loaded();
    }

    /** An epoch is part of the lake. */
    void appended(EpochManifest manifest, List<UploadedFile> files, Instant now) {
        at(manifest);
        epochs.labelValues(label(manifest.kind())).inc();
        for (UploadedFile file : files) {
            bytes.inc(file.dataFile().bytes());
            file.operations()
                    .forEach(
                            (operation, count) -> rows.labelValues(file.schema().table(), operation.code())
                                    .inc(count));
        }
        if (manifest.kind() == EpochManifest.Kind.STREAM) {
            epochRows.observe(manifest.rows());
            delaySeconds.observe(seconds(Duration.between(manifest.firstCommittedAt(), now)));
        }
    }

    /** An epoch of the stream was published in so long. */
    void published(Duration took) {
        publishSeconds.observe(seconds(took));
    }

    /** Tables were loaded in so long. */
    public void loaded(EpochManifest manifest, Duration took) {
        loadRows.labelValues(label(manifest.kind())).inc(manifest.rows());
        loadSeconds.labelValues(label(manifest.kind())).observe(seconds(took));
    }

    /** Something failed; the kind is a word. */
    public void failed(String kind) {
        failures.labelValues(kind).inc();
    }

    /** It begins anew. */
    public void restarted() {
        restarts.inc();
    }

    /** A partition was settled. */
    void settled() {
        settled.inc();
    }

    /** A partition could not be settled. */
    void settlingFailed() {
        settlingFailures.inc();
    }

    private static String label(EpochManifest.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
