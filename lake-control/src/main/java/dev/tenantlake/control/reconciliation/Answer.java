package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What Athena answered to somebody.
 *
 * @param principal who asked
 * @param columns the names of the columns
 * @param rows their values as text, null for null
 * @param millis how long it took from the asking to the last row
 */
public record Answer(String principal, List<String> columns, List<List<String>> rows, long millis) {

    public Answer {
        requireNonNull(principal, "principal");
        columns = List.copyOf(columns);
        rows = rows.stream()
                // Not List.copyOf: a value may be null.
                .map(row -> Collections.unmodifiableList(new ArrayList<>(row)))
                .toList();
    }

    /** The one value of the one row. */
    public String single() {
        return rows.get(0).get(0);
    }
}
