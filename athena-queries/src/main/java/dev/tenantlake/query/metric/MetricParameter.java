package dev.tenantlake.query.metric;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A parameter of a metric.
 *
 * @param name as it is given on the command line
 * @param type the values it takes
 * @param defaultValue what it is if it is not given; empty if it has to be given
 * @param meaning one sentence for the one who sets it
 */
public record MetricParameter(String name, ParameterType type, Optional<String> defaultValue, String meaning) {

    public MetricParameter {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        requireNonNull(defaultValue, "defaultValue");
        requireNonNull(meaning, "meaning");
    }
}
