package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.command.StopRequest;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the grants in step: applies them at its start, and again whenever silver's tenants or the set of tables changed.
 * What fails is tried again, after growing pauses, since the services that it needs may come up after it.
 */
final class GrantsWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GrantsWatch.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final LakeGrants lake;
    private final Consumer<GrantsReport> reports;
    private final Duration interval;

    private LakeGrants.Observed applied;
    private boolean saidThatItWaits;

    /**
     * A watch.
     *
     * @param reports is given what each application came to
     * @param interval how long it waits before it looks again
     */
    GrantsWatch(LakeGrants lake, Consumer<GrantsReport> reports, Duration interval) {
        this.lake = requireNonNull(lake, "lake");
        this.reports = requireNonNull(reports, "reports");
        this.interval = requireNonNull(interval, "interval");
    }

    /** Watches until somebody asks for an end. */
    void run(StopRequest stop) {
        Duration pause = interval;
        do {
            try {
                look();
                pause = interval;
            } catch (RuntimeException e) {
                if (stop.isMade()) {
                    LOG.debug("event=grants_stopped", e);
                    return;
                }
                pause = pauseAfter(pause);
                LOG.warn(
                        "event=grants_failed retry_in={} reason=\"{}\"",
                        pause,
                        String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                LOG.debug("event=grants_failed", e);
            }
        } while (!stop.await(pause));
    }

    private void look() {
        LakeGrants.Observed observed = lake.observe();
        if (observed.equals(applied)) {
            return;
        }
        if (!observed.tables().hasTenants()) {
            if (!saidThatItWaits) {
                LOG.info("event=grants_wait_for_tenants");
                saidThatItWaits = true;
            }
            return;
        }
        GrantsReport report = lake.apply(observed);
        LOG.info(
                "event=grants_applied tenants_epoch={} tenants={} changed={} kept={} refused={}",
                observed.tenantsEpoch(),
                report.slugs().size(),
                report.changes().size(),
                report.kept(),
                report.refused().keySet());
        reports.accept(report);
        applied = observed;
    }

    private Duration pauseAfter(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        if (doubled.compareTo(LONGEST_PAUSE) <= 0) {
            return doubled;
        }
        return interval.compareTo(LONGEST_PAUSE) > 0 ? interval : LONGEST_PAUSE;
    }
}
