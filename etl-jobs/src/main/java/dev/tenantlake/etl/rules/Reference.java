package dev.tenantlake.etl.rules;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;

/**
 * A column whose values are the {@code id}s of another table's rows, of the same tenant.
 *
 * @param column a value of null refers to nothing
 */
public record Reference(String column, SourceTable to) {

    public Reference {
        requireNonNull(column, "column");
        requireNonNull(to, "to");
    }

    /** How what is found is named. */
    public String rule() {
        return column + "_dangling";
    }
}
