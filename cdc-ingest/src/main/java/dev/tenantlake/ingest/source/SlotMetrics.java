package dev.tenantlake.ingest.source;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What a run tells of its slot: how much of the source's log it holds back, and how much it may. */
public final class SlotMetrics {

    private final Gauge lag;
    private final Gauge retained;
    private final Gauge limit;
    private final Counter reconnects;
    private boolean connected;

    /** @param registry which serves them */
    public SlotMetrics(PrometheusRegistry registry) {
        lag = Gauge.builder()
                .name("tenantlake_source_slot_lag_bytes")
                .help("Log that was written since the position that the lake confirmed")
                .register(registry);
        retained = Gauge.builder()
                .name("tenantlake_source_slot_retained_bytes")
                .help("Log that the server keeps for the slot")
                .register(registry);
        limit = Gauge.builder()
                .name("tenantlake_source_slot_limit_bytes")
                .help("How much log the server keeps for a slot before it gives the slot up; infinite if without limit")
                .register(registry);
        reconnects = Counter.builder()
                .name("tenantlake_source_reconnects")
                .help("Sessions with the source after the first")
                .register(registry);
    }

    /** A session with the source was opened. */
    public void connected() {
        if (connected) {
            reconnects.inc();
        }
        connected = true;
    }

    /**
     * The slot as it stands.
     *
     * @param limitBytes less than 0 for none
     */
    public void at(long lagBytes, long retainedBytes, long limitBytes) {
        lag.set(lagBytes);
        retained.set(retainedBytes);
        limit.set(limitBytes < 0 ? Double.POSITIVE_INFINITY : limitBytes);
    }
}
