package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A table that analysts are granted.
 *
 * @param database its Glue database
 * @param name its name
 * @param tenantColumn the column that says whose row it is: each analyst sees the tenant's own. Empty if it holds rows of
 *     no tenant, which everybody sees
 * @param columns which columns an analyst sees
 */
record GrantableTable(String database, String name, Optional<String> tenantColumn, Columns columns) {

    /** Some columns of a table. */
    sealed interface Columns {}

    /**
     * All columns, those to come too, but some.
     *
     * @param names in alphabetical order
     */
    record AllBut(List<String> names) implements Columns {
        AllBut {
            names = names.stream().sorted().toList();
        }
    }

    /**
     * Some columns, and none that comes later.
     *
     * @param names in alphabetical order
     */
    record Only(List<String> names) implements Columns {
        Only {
            names = names.stream().sorted().toList();
        }
    }

    GrantableTable {
        requireNonNull(database, "database");
        requireNonNull(name, "name");
        requireNonNull(tenantColumn, "tenantColumn");
        requireNonNull(columns, "columns");
    }

    /** {@code database.name}. */
    String qualifiedName() {
        return database + "." + name;
    }
}
