package dev.tenantlake.etl.rules;

import java.util.List;

/**
 * Columns whose values no two rows of a table have in common; a row with a null in one of them has nothing in common
 * with any.
 */
public record Uniqueness(List<String> columns) {

    public Uniqueness {
        columns = List.copyOf(columns);
    }

    /** How what is found is named. */
    public String rule() {
        return String.join("_", columns) + "_not_unique";
    }
}
