package dev.tenantlake.bench.baseline;

import java.util.concurrent.TimeUnit;

/**
 * Takes the time of a stream of changes from one second after its first: until then a process is still getting under way.
 * Of a stream that is over in three seconds, all of it counts.
 */
final class ChangeClock {

    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORT = TimeUnit.SECONDS.toNanos(3);

    private final long expected;
    private long count;
    private long firstNanos;
    private long warmNanos;
    private long warmCount;
    private long lastNanos;

    /** @param expected how many changes there will be */
    ChangeClock(long expected) {
        this.expected = expected;
    }

    /** Counts changes that have come. */
    void count(int changes) {
        if (changes == 0) {
            return;
        }
        lastNanos = System.nanoTime();
        if (count == 0) {
            firstNanos = lastNanos;
        }
        count += changes;
        if (warmCount == 0 && lastNanos - firstNanos >= WARM_UP) {
            warmNanos = lastNanos;
            warmCount = count;
        }
    }

    boolean isDone() {
        return count >= expected;
    }

    BaselineResult result() {
        if (warmCount == 0 || lastNanos - firstNanos < SHORT) {
            return new BaselineResult(count, (lastNanos - firstNanos) / 1e9);
        }
        return new BaselineResult(count - warmCount, (lastNanos - warmNanos) / 1e9);
    }
}
