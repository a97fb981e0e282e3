package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.athena.ResultColumn;
import dev.tenantlake.query.metric.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What Athena answered to a metric.
 *
 * @param metric what was asked
 * @param values the parameters that were given for it; the others were as they are by default
 * @param columns of the result
 * @param rows their values as text, null for null
 * @param isCut whether there were more rows
 * @param scannedBytes how many bytes the engine read
 */
public record MetricAnswer(
        Metric metric,
        Map<String, String> values,
        List<ResultColumn> columns,
        List<List<String>> rows,
        boolean isCut,
        long scannedBytes) {

    public MetricAnswer {
        requireNonNull(metric, "metric");
        values = Map.copyOf(values);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** Where in a row the column is, or empty if the result has none of that name. */
    OptionalInt index(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** What the parameter was, given or by default; empty if the metric takes none of that name. */
    Optional<String> value(String parameter) {
        return Optional.ofNullable(values.get(parameter))
                .or(() -> metric.parameter(parameter).flatMap(known -> known.defaultValue()));
    }
}
