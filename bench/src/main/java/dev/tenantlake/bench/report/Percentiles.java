package dev.tenantlake.bench.report;

import java.util.Collection;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/**
 * How a number of measured times lie. Each percentile is a time that was measured: the smallest that as many are not
 * above.
 *
 * @param samples how many there are
 * @param p50 the middle
 * @param p95 what 19 of 20 are not above
 * @param p99 what 99 of 100 are not above; of fewer than 100 samples, the highest
 * @param highest of all
 */
public record Percentiles(int samples, double p50, double p95, double p99, double highest) {

    private static final Quantile NEAREST_RANK = Quantile.withDefaults().with(EstimationMethod.HF1);

    /** @throws IllegalArgumentException if there is none */
    public static Percentiles of(Collection<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("there are no samples");
        }
        double[] values =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double[] at = NEAREST_RANK.evaluate(values, 0.5, 0.95, 0.99);
        return new Percentiles(values.length, at[0], at[1], at[2], values[values.length - 1]);
    }
}
