package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.audit.SilverAuditor;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SilverAudit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all rows of silver, if silver has gone on since the last look. */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final SilverAuditor auditor;
    private final LayerPositions positions;
    private final JobMetrics metrics;

    Audit(SilverAuditor auditor, LayerPositions positions, JobMetrics metrics) {
        this.auditor = requireNonNull(auditor, "auditor");
        this.positions = requireNonNull(positions, "positions");
        this.metrics = requireNonNull(metrics, "metrics");
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

    /** As {@link #look()}; what fails is tried again the next time, and stops nothing. */
    void tryToLook() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.debug("event=audit_failed", e);
            LOG.warn("event=audit_failed reason=\"{}\"", ServiceTrouble.reason(e));
        }
    }
}
