package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds one layer until there is nothing more to do, or until the job is told to stop. After a failure the layer's
 * stage learns from the tables what they hold, and goes on from there.
 */
final class LayerLoop {

    private static final Logger LOG = LoggerFactory.getLogger(LayerLoop.class);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(15);
    /** How often in a row something may fail that is no trouble with a service: then it will not pass. */
    private static final int OWN_FAILURES = 5;

    private final Layer layer;
    private final Runnable recover;
    private final BooleanSupplier advance;
    private final JobOptions options;
    private final ServiceTrouble services;
    private final JobMetrics metrics;
    private final OrderlyStop stop;

    /**
     * The loop of a layer.
     *
     * @param recover learns from the tables what they hold
     * @param advance takes in what is new, and says whether there was something
     */
    LayerLoop(
            Layer layer,
            Runnable recover,
            BooleanSupplier advance,
            JobOptions options,
            ServiceTrouble services,
            JobMetrics metrics,
            OrderlyStop stop) {
        this.layer = requireNonNull(layer, "layer");
        this.recover = requireNonNull(recover, "recover");
        this.advance = requireNonNull(advance, "advance");
        this.options = requireNonNull(options, "options");
        this.services = requireNonNull(services, "services");
        this.metrics = requireNonNull(metrics, "metrics");
        this.stop = requireNonNull(stop, "stop");
    }

    /**
     * Builds the layer.
     *
     * @throws LakeException in mode once at the first failure; in mode continuous only of what waiting does not mend
     */
    void run() {
        boolean recovered = false;
        int failures = 0;
        int ownFailures = 0;
        while (!stop.isRequested()) {
            try {
                if (!recovered) {
                    recover.run();
                    recovered = true;
                }
                boolean progressed = advance.getAsBoolean();
                failures = 0;
                ownFailures = 0;
                if (!progressed) {
                    if (options.mode() == JobOptions.Mode.ONCE) {
                        return;
                    }
                    stop.await(options.poll());
                }
            } catch (RuntimeException e) {
                LOG.debug("event=failed layer={}", layer.database(), e);
                metrics.failed(layer, e);
                if (e instanceof LakeException known && known.kind() != LakeException.Kind.UNAVAILABLE) {
                    throw e;
                }
                Optional<String> trouble = services.behind(e);
                ownFailures = trouble.isPresent() ? 0 : ownFailures + 1;
                String reason = trouble.orElseGet(() -> ServiceTrouble.reason(e));
                if (options.mode() == JobOptions.Mode.ONCE || ownFailures == OWN_FAILURES) {
                    throw new LakeException(
                            trouble.isPresent() ? LakeException.Kind.UNAVAILABLE : LakeException.Kind.UNFIT,
                            "cannot go on: " + reason + "; nothing is lost, the next run goes on from here",
                            e);
                }
                failures++;
                Duration pause = backOff(failures);
                LOG.warn("event=retry layer={} in_millis={} reason=\"{}\"", layer.database(), pause.toMillis(), reason);
                recovered = false;
                stop.await(pause);
            }
        }
    }

    private static Duration backOff(int failures) {
        Duration pause = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : pause;
    }
}
