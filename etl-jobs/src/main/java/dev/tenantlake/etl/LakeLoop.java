package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs the stages until there is nothing more to do, or until the job is told to stop. After a failure the stages learn
 * from the tables what they hold, and go on from there.
 */
final class LakeLoop {

    private static final Logger LOG = LoggerFactory.getLogger(LakeLoop.class);

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(15);
    /** How often in a row something may fail that is no trouble with a service: then it will not pass. */
    private static final int OWN_FAILURES = 5;

    private final JobOptions options;
    private final Optional<SilverStage> silver;
    private final Optional<GoldStage> gold;
    private final LayerPositions positions;
    private final OrderlyStop stop;

    LakeLoop(
            JobOptions options,
            Optional<SilverStage> silver,
            Optional<GoldStage> gold,
            LayerPositions positions,
            OrderlyStop stop) {
        this.options = requireNonNull(options, "options");
        this.silver = requireNonNull(silver, "silver");
        this.gold = requireNonNull(gold, "gold");
        this.positions = requireNonNull(positions, "positions");
        this.stop = requireNonNull(stop, "stop");
    }

    /**
     * Runs the stages.
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
                    recover();
                    recovered = true;
                }
                boolean progressed = advance();
                failures = 0;
                ownFailures = 0;
                if (!progressed) {
                    if (options.mode() == JobOptions.Mode.ONCE) {
                        return;
                    }
                    stop.await(options.poll());
                }
            } catch (RuntimeException e) {
                LOG.debug("event=failed", e);
                if (e instanceof LakeException known && known.kind() != LakeException.Kind.UNAVAILABLE) {
                    throw e;
                }
                Optional<String> trouble = serviceTrouble(e).or(this::s3Trouble);
                ownFailures = trouble.isPresent() ? 0 : ownFailures + 1;
                String reason = trouble.orElseGet(() -> said(rootCause(e)));
                if (options.mode() == JobOptions.Mode.ONCE || ownFailures == OWN_FAILURES) {
                    throw new LakeException(
                            trouble.isPresent() ? LakeException.Kind.UNAVAILABLE : LakeException.Kind.UNFIT,
                            "cannot go on: " + reason + "; nothing is lost, the next run goes on from here",
                            e);
                }
                failures++;
                Duration pause = backOff(failures);
                LOG.warn("event=retry in_millis={} reason=\"{}\"", pause.toMillis(), reason);
                recovered = false;
                stop.await(pause);
            }
        }
        LOG.info("event=stopped");
    }

    private void recover() {
        silver.ifPresent(SilverStage::recover);
        gold.ifPresent(GoldStage::recover);
    }

    private boolean advance() {
        boolean progressed = silver.map(SilverStage::advance).orElse(false);
        if (gold.isPresent() && !stop.isRequested()) {
            Optional<LayerPosition> source =
                    silver.isPresent() ? silver.get().position() : positions.read(Layer.SILVER);
            progressed |= source.isPresent() && gold.get().advance(source.get());
        }
        return progressed;
    }

    /** What a failure says of a service that does not answer or refuses, or empty if it is not of that sort. */
    private static Optional<String> serviceTrouble(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException refused) {
                return Optional.of("a service of AWS refused the call: " + said(refused));
            }
            if (cause instanceof SdkException || cause instanceof SocketException) {
                return Optional.of("a service of AWS does not answer: " + said(rootCause(cause)));
            }
        }
        return Optional.empty();
    }

    /** What is wrong with S3, or empty if it answers. */
    private Optional<String> s3Trouble() {
        try {
            positions.read(Layer.SILVER);
            return Optional.empty();
        } catch (SdkException e) {
            return serviceTrouble(e);
        }
    }

    private static Duration backOff(int failures) {
        Duration pause = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : pause;
    }

    /** The innermost cause: what Spark and Hudi wrap around it names their own parts only. */
    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** On one line. */
    private static String said(Throwable cause) {
        String message = cause.getMessage() == null
                ? ""
                : cause.getMessage().lines().findFirst().orElse("");
        return cause.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
    }
}
