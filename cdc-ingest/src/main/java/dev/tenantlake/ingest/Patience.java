package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.time.Duration;

/** How often and how long failures are borne in a row; a stream that was at work in between starts the count again. */
final class Patience {

    /** How long a process of ours that was killed may seem to hold the slot still. */
    private static final Duration HELD_FOR = Duration.ofSeconds(5);

    private static final int UNFORESEEN_TIMES = 5;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Duration retryFor;
    /** Whether any attempt found both sides fit. */
    private boolean wasReady;
    /** Whether this attempt did. */
    private boolean isReady;

    private long firstFailureNanos;
    private int failures;
    private int unforeseen;
    private Duration pause = SHORTEST_PAUSE;

    /** @param retryFor for how long to try to reach something that stopped answering */
    Patience(Duration retryFor) {
        this.retryFor = requireNonNull(retryFor, "retryFor");
    }

    /** An attempt begins. */
    void begin() {
        isReady = false;
    }

    /** The attempt found both sides fit. */
    void ready() {
        isReady = true;
        wasReady = true;
    }

    /**
     * Decides on a failure.
     *
     * @param progressed whether the attempt that failed had been at work
     * @return how long to wait before the next attempt
     * @throws LakeException if there is to be none
     */
    Duration afterFailure(Failure failure, boolean progressed) {
        if (progressed || failures == 0) {
            failures = 0;
            unforeseen = 0;
            firstFailureNanos = System.nanoTime();
            pause = SHORTEST_PAUSE;
        }
        failures++;
        Duration since = Duration.ofNanos(System.nanoTime() - firstFailureNanos);
        switch (failure.kind()) {
            case STOP -> throw failure.reason();
            case HELD -> {
                // Past the first look, that it is in use means that another one wrote the next epoch.
                if (isReady && failure.isOurs()) {
                    throw failure.reason();
                }
                requireWithin(since, wasReady ? retryFor : heldFor(), failure.reason());
                return SHORTEST_PAUSE;
            }
            case OUTAGE -> {
                if (!wasReady) {
                    throw failure.reason();
                }
                requireWithin(since, retryFor, gaveUp(failure));
            }
            case UNFORESEEN -> {
                unforeseen++;
                if (!wasReady || unforeseen > UNFORESEEN_TIMES) {
                    throw failure.reason();
                }
            }
        }
        Duration now = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return now;
    }

    private Duration heldFor() {
        return retryFor.compareTo(HELD_FOR) < 0 ? retryFor : HELD_FOR;
    }

    private void requireWithin(Duration since, Duration limit, LakeException otherwise) {
        if (since.compareTo(limit) >= 0) {
            throw otherwise;
        }
    }

    private LakeException gaveUp(Failure failure) {
        return new LakeException(
                LakeException.Kind.UNAVAILABLE,
                failure.reason().getMessage() + "; gave up after "
                        + retryFor.toSeconds()
                        + " s (--retry-for). Nothing is lost: start cdc-ingest again when it answers",
                failure.cause());
    }
}
