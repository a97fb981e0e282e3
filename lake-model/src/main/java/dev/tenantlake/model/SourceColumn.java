package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

/**
 * A column of a source table.
 *
 * @param name as in Postgres and in every layer
 * @param type its type
 * @param nullable whether the source lets it be null
 * @param sensitive whether it is left out of what an analyst is granted
 */
public record SourceColumn(String name, ColumnType type, boolean nullable, boolean sensitive) {

    public SourceColumn {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
    }

    static SourceColumn required(String name, ColumnType type) {
        return new SourceColumn(name, type, false, false);
    }

    static SourceColumn optional(String name, ColumnType type) {
        return new SourceColumn(name, type, true, false);
    }

    static SourceColumn personal(String name) {
        return new SourceColumn(name, ColumnType.TEXT, true, true);
    }
}
