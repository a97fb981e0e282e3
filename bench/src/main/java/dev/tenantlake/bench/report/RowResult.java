package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What measuring a row gave.
 *
 * @param name by which the row is asked for
 * @param title what is measured
 * @param against what it is held against
 * @param figures what it comes to
 * @param series the rounds behind the figures
 * @param tables what else was seen
 * @param how how it was measured: data, processes, what is in a time and what is not
 * @param bounds what bounds it, as seen in the run
 * @param conditions when and of what it was measured
 */
public record RowResult(
        String name,
        String title,
        String against,
        List<Figure> figures,
        List<Series> series,
        List<Table> tables,
        List<String> how,
        List<String> bounds,
        Conditions conditions) {

    public RowResult {
        requireNonNull(name, "name");
        requireNonNull(title, "title");
        requireNonNull(against, "against");
        figures = List.copyOf(figures);
        series = List.copyOf(series);
        tables = List.copyOf(tables);
        how = List.copyOf(how);
        bounds = List.copyOf(bounds);
        requireNonNull(conditions, "conditions");
    }
}
