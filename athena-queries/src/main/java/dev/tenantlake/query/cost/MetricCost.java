package dev.tenantlake.query.cost;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.metric.Metric;

/**
 * What a metric's answer reads, by where it comes from.
 *
 * @param metric which
 * @param own bytes that its own query scans
 * @param silver bytes of what it is made of, in silver
 * @param bronze bytes of what it is made of, in bronze
 */
record MetricCost(Metric metric, long own, long silver, long bronze) {

    /** The part of bronze's bytes that gold is to answer from. */
    static final double AIM_PERCENT = 1;

    MetricCost {
        requireNonNull(metric, "metric");
    }

    /** What its own query scans of what bronze would, in percent. */
    double percentOfBronze() {
        return bronze == 0 ? 0 : 100.0 * own / bronze;
    }

    /** Whether that is no more than it is to be. */
    boolean meetsAim() {
        return percentOfBronze() <= AIM_PERCENT;
    }
}
