package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long to wait before a service that died is started again: longer each time in a row.
 *
 * @param first the wait after the first death
 * @param longest the wait is doubled with each death in a row, up to this
 * @param stable a service that ran for so long before it died has not died in a row
 */
public record Backoff(Duration first, Duration longest, Duration stable) {

    /** From a second to a minute. */
    public static final Backoff STANDARD =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60));

    public Backoff {
        requireNonNull(first, "first");
        requireNonNull(longest, "longest");
        requireNonNull(stable, "stable");
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("expected 0 < first <= longest: " + first + ", " + longest);
        }
    }

    /**
     * The deaths in a row, this one included.
     *
     * @param before how many there had been
     * @param uptime how long the service ran this time
     */
    public int deathsInARow(int before, Duration uptime) {
        return uptime.compareTo(stable) >= 0 ? 1 : before + 1;
    }

    /** How long to wait after so many deaths in a row, from 1. */
    public Duration delay(int deathsInARow) {
        Duration delay = first;
        for (int death = 1; death < deathsInARow && delay.compareTo(longest) < 0; death++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longest) < 0 ? delay : longest;
    }
}
