package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * All that the rows of a seed depend on: the same plan gives the same rows on any day, and on any machine whose Java
 * has the same rules of time zones.
 *
 * @param scale how many rows
 * @param seed what chance starts from
 * @param tenants among how many tenants the rows are divided
 * @param until the day, in UTC, with whose beginning the history ends; it begins six months before
 */
public record SeedPlan(SeedScale scale, long seed, int tenants, LocalDate until) {

    static final int MONTHS = 6;

    /** What the program itself takes, in bytes. */
    private static final long MEMORY = 48 << 20;
    /** What a row takes, in bytes: of orders and customers some more than that, of events nothing; 38 were measured. */
    private static final long MEMORY_PER_ROW = 45;

    /**
     * @throws LakeException of kind {@code WRONG_USAGE} if the rows of that scale cannot be divided among so many
     *     tenants
     */
    public SeedPlan {
        requireNonNull(scale, "scale");
        requireNonNull(until, "until");
        if (tenants < 1 || tenants > scale.mostTenants()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--tenants is " + tenants + ": expected 1 to " + scale.mostTenants() + " with " + scale.option());
        }
    }

    /** The plan of a scale with as many tenants as it has by itself. */
    public static SeedPlan of(SeedScale scale, long seed, LocalDate until) {
        return new SeedPlan(scale, seed, scale.tenants(), until);
    }

    /**
     * Makes sure that a history of so many rows can be made up here.
     *
     * @param available how many bytes of memory there are for it
     * @throws LakeException of kind {@code WRONG_USAGE} if those are too few
     */
    void requireMemory(long available) {
        long needed = MEMORY + scale.rows() * MEMORY_PER_ROW;
        if (needed > available) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "a history of about " + scale.rows() + " rows takes " + (needed >> 20)
                            + " MiB of memory, and there are "
                            + (available >> 20) + " here: expected at most --rows "
                            + Math.max(0, (available - MEMORY) / MEMORY_PER_ROW)
                            + ", or a machine with more memory (./tenantlake seed takes up to half of it)");
        }
    }

    Horizon horizon() {
        return new Horizon(micros(until.minusMonths(MONTHS)), micros(until));
    }

    private static long micros(LocalDate day) {
        return TimeUnit.SECONDS.toMicros(day.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    }
}
