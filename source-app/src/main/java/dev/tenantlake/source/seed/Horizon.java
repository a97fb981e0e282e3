package dev.tenantlake.source.seed;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time that the history spans. All times of the seed are microseconds since the Unix epoch, which is how exactly
 * Postgres knows a time.
 *
 * @param start the first microsecond
 * @param until the microsecond after the last
 */
record Horizon(long start, long until) {

    static final long SECOND = 1_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    Horizon {
        if (start >= until) {
            throw new IllegalArgumentException("starts at " + start + ", ends at " + until);
        }
    }

    boolean holds(long micros) {
        return micros >= start && micros < until;
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
