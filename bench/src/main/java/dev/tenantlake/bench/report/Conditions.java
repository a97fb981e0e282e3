package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Under which conditions a row was measured.
 *
 * @param measuredAt when its run began
 * @param commit of the checkout, with a mark if it held changes besides
 * @param loadAverage of the machine over the last minute, when the run began; negative if it is not known
 * @param quick whether it was measured in little time, on little data, to see that it works
 */
public record Conditions(Instant measuredAt, String commit, double loadAverage, boolean quick) {

    public Conditions {
        requireNonNull(measuredAt, "measuredAt");
        requireNonNull(commit, "commit");
    }
}
