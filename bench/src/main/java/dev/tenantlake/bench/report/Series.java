package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.commons.statistics.descriptive.Median;

/**
 * What several rounds of the same measurement gave.
 *
 * @param name what was measured
 * @param unit of the values
 * @param values in the order of the rounds
 */
public record Series(String name, String unit, List<Double> values) {

    /** @throws IllegalArgumentException if there is no value, or one is not a number */
    public Series {
        requireNonNull(name, "name");
        requireNonNull(unit, "unit");
        values = List.copyOf(values);
        if (values.isEmpty() || values.stream().anyMatch(value -> value.isNaN() || value.isInfinite())) {
            throw new IllegalArgumentException(name + " has no figure: " + values);
        }
    }

    public double median() {
        return Median.withDefaults().evaluate(array());
    }

    public double lowest() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    public double highest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** This divided by another of as many rounds, round by round. */
    public Series dividedBy(Series other, String ratioName) {
        if (values.size() != other.values.size()) {
            throw new IllegalArgumentException(
                    values.size() + " rounds of " + name + " and " + other.values.size() + " of " + other.name);
        }
        return new Series(
                ratioName,
                "",
                java.util.stream.IntStream.range(0, values.size())
                        .mapToObj(i -> values.get(i) / other.values.get(i))
                        .toList());
    }

    private double[] array() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
