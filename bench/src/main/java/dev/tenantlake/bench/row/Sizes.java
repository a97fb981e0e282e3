package dev.tenantlake.bench.row;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param quick whether it is only to be seen that the bench works
 * @param rounds of each ratio
 * @param loadRows in the shop whose initial load is measured
 * @param changes in the stream whose rate is measured
 * @param changeRows in the shop that is changed
 * @param lakeRows in the lakes in which the cost of a commit is measured, from the smallest
 * @param warmUpCommits before those that are measured
 * @param commits that are measured
 * @param freshFor for how long freshness is watched
 * @param freshRows in the lake that is watched
 * @param metricRows in the lake whose metrics are asked for
 * @param metricRounds how often each of them is, when all is warm
 */
public record Sizes(
        boolean quick,
        int rounds,
        long loadRows,
        int changes,
        long changeRows,
        List<Long> lakeRows,
        int warmUpCommits,
        int commits,
        Duration freshFor,
        long freshRows,
        long metricRows,
        int metricRounds) {

    /** For the report. */
    public static final Sizes FULL = new Sizes(
            false,
            3,
            10_000_000,
            1_000_000,
            500_000,
            List.of(500_000L, 3_000_000L, 10_000_000L),
            12,
            9,
            Duration.ofMinutes(5),
            500_000,
            540_000,
            10);

    /** To see that it works. */
    public static final Sizes QUICK = new Sizes(
            true,
            1,
            100_000,
            40_000,
            100_000,
            List.of(80_000L, 100_000L, 150_000L),
            1,
            2,
            Duration.ofSeconds(40),
            80_000,
            80_000,
            2);

    public Sizes {
        lakeRows = List.copyOf(lakeRows);
        requireNonNull(freshFor, "freshFor");
    }
}
