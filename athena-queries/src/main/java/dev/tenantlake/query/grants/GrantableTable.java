package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A table of which each tenant's analyst sees the tenant's rows.
 *
 * @param database its Glue database
 * @param name its name
 * @param tenantColumn the column that says whose row it is
 * @param hiddenColumns the names of the columns that no analyst sees, in alphabetical order
 */
record GrantableTable(String database, String name, String tenantColumn, List<String> hiddenColumns) {

    GrantableTable {
        requireNonNull(database, "database");
        requireNonNull(name, "name");
        requireNonNull(tenantColumn, "tenantColumn");
        hiddenColumns = hiddenColumns.stream().sorted().toList();
    }

    /** {@code database.name}. */
    String qualifiedName() {
        return database + "." + name;
    }
}
