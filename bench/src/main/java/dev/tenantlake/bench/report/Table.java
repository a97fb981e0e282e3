package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * More than one number can say.
 *
 * @param title above it
 * @param columns their names
 * @param rows each with a value for every column
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {

    public Table {
        requireNonNull(title, "title");
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of " + title + " has " + row.size() + " values: " + row);
            }
        }
    }
}
