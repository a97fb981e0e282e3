package dev.tenantlake.local.engine;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each principal may read, as Lake Formation's grants say it: asked by the query engine for every query. */
public interface TableAccess {

    /** Whether the principal, by its ARN, administers the lake and so reads everything. */
    boolean isAdministrator(String principalArn);

    /**
     * The filters through which the principal may read the table; empty if it may not read it at all. The principal
     * sees the union of what each of them lets through.
     */
    List<CellsFilter> filtersOn(String principalArn, String database, String table);

    /** Whether the principal may read any table of the database, and so may know that it exists. */
    boolean readsAnyOf(String principalArn, String database);

    /**
     * A data cells filter that is granted.
     *
     * @param rows the row filter expression, or empty if all rows pass
     * @param columns the names of the columns that pass
     */
    record CellsFilter(Optional<String> rows, Set<String> columns) {
        public CellsFilter {
            columns = Set.copyOf(columns);
        }
    }
}
