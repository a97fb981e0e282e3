package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.audit.SilverAuditor;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SilverAudit;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then at all rows of silver, in a thread of its own beside the commits, and only if silver has gone on
 * since the last look. What fails is tried again the next time, and stops nothing.
 */
final class AuditLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLoop.class);

    private static final Duration END = Duration.ofSeconds(20);

    private final SilverAuditor auditor;
    private final LayerPositions positions;
    private final Duration every;
    private final JobMetrics metrics;
    private final OrderlyStop stop;
    private final Thread thread = new Thread(this::run, "audit");

    /**
     * The loop.
     *
     * @param every how long it waits before each look
     */
    AuditLoop(SilverAuditor auditor, LayerPositions positions, Duration every, JobMetrics metrics, OrderlyStop stop) {
        this.auditor = requireNonNull(auditor, "auditor");
        this.positions = requireNonNull(positions, "positions");
        this.every = requireNonNull(every, "every");
        this.metrics = requireNonNull(metrics, "metrics");
        this.stop = requireNonNull(stop, "stop");
        thread.setDaemon(true);
    }

    /** Begins. */
    void start() {
        thread.start();
    }

    /** Looks at silver as it is now, unless that was done before. */
    void look() {
        Optional<LayerPosition> silver = positions.read(Layer.SILVER);
        long looked = positions.readAudit().map(SilverAudit::epoch).orElse(0L);
        silver.filter(now -> now.epoch() > looked).ifPresent(now -> {
            SilverAudit audit = auditor.audit(now);
            positions.writeAudit(audit);
            metrics.audited(audit);
        });
    }

    private void run() {
        while (!stop.isRequested()) {
            stop.await(every);
            if (stop.isRequested()) {
                return;
            }
            try {
                look();
            } catch (RuntimeException e) {
                LOG.debug("event=audit_failed", e);
                LOG.warn("event=audit_failed reason=\"{}\"", ServiceTrouble.reason(e));
            }
        }
    }

    /** Waits for a look that is being taken. */
    @Override
    public void close() {
        stop.request();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
