package dev.tenantlake.control.metrics;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.LakeStatus;
import dev.tenantlake.control.lake.SlotState;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.model.Layer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A lake's status as metrics. Made anew each time, so that what is not known is not there. */
final class LakeGauges {

    private static final long KIB = 1024;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final LakeStatus status;

    private LakeGauges(LakeStatus status) {
        this.status = requireNonNull(status, "status");
    }

    /** The text of the metrics. */
    static String text(LakeStatus status) {
        LakeGauges gauges = new LakeGauges(status);
        gauges.services();
        status.slot().ifPresent(gauges::slot);
        gauges.layers();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, gauges.registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void services() {
        Gauge up = gauge("tenantlake_service_up", "Whether the service runs: 1 or 0.", "service");
        Gauge resident = gauge("tenantlake_service_resident_bytes", "The memory of its process.", "service");
        Counter restarts = Counter.builder()
                .name("tenantlake_service_restarts_total")
                .help("How often it was started again after it had died.")
                .labelNames("service")
                .register(registry);
        for (LakeStatus.Service service : status.services()) {
            if (service.state() == ServiceState.DONE) {
                continue;
            }
            up.labelValues(service.name()).set(service.state() == ServiceState.RUNNING ? 1 : 0);
            restarts.labelValues(service.name()).inc(service.restarts());
            service.pid()
                    .map(LakeGauges::residentBytes)
                    .ifPresent(bytes -> bytes.ifPresent(
                            value -> resident.labelValues(service.name()).set(value)));
        }
    }

    private void slot(SlotState slot) {
        gauge("tenantlake_slot_active", "Whether somebody reads the slot: 1 or 0.")
                .set(slot.active() ? 1 : 0);
        gauge("tenantlake_slot_lost", "Whether the slot is lost: 1 or 0.")
                .set(slot.walStatus().equals("lost") ? 1 : 0);
        gauge("tenantlake_slot_lag_bytes", "Write-ahead log that bronze does not hold.")
                .set(slot.lagBytes());
        gauge("tenantlake_slot_retained_bytes", "Write-ahead log that Postgres keeps for the slot.")
                .set(slot.retainedBytes());
        slot.limitBytes()
                .ifPresent(limit -> gauge(
                                "tenantlake_slot_limit_bytes", "How much it keeps at most; beyond it the slot is lost.")
                        .set(limit));
    }

    private void layers() {
        Gauge delay = gauge(
                "tenantlake_layer_delay_seconds",
                "From the commit of the first transaction that its last commit brought until the layer held it.",
                "layer");
        Gauge behind = gauge(
                "tenantlake_layer_behind_seconds",
                "How long ago the oldest transaction was committed that it does not hold; 0 if it holds all.",
                "layer");
        Gauge epoch = gauge("tenantlake_layer_epoch", "The last epoch that it holds.", "layer");
        Gauge stopped = gauge("tenantlake_stopped_tables", "Its tables that cannot follow.", "layer");
        for (LakeStatus.LayerState layer : status.layers()) {
            String name = layer.layer().database();
            delay.labelValues(name).set(layer.worstDelayMillis() / 1000.0);
            behind.labelValues(name).set(layer.behindMillis() / 1000.0);
            epoch.labelValues(name).set(layer.epoch());
        }
        if (!status.layers().isEmpty()) {
            for (Layer layer : List.of(Layer.SILVER, Layer.GOLD)) {
                stopped.labelValues(layer.database())
                        .set(status.stopped().stream()
                                .filter(table -> table.layer() == layer)
                                .count());
            }
        }
    }

    private Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** What Linux says of a process; empty elsewhere, and if it has ended. */
    private static OptionalLong residentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
