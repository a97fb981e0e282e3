package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A metric as Athena is asked for it with nothing given. What it says is the product's own, whatever that is.
 *
 * @param name the metric's
 * @param sql its statement
 * @param parameters the values of the statement's question marks, as SQL literals
 */
public record MetricQuestion(String name, String sql, List<String> parameters) {

    public MetricQuestion {
        requireNonNull(name, "name");
        requireNonNull(sql, "sql");
        parameters = List.copyOf(parameters);
    }
}
