package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.JsonApi;
import java.util.Optional;

/**
 * A data cells filter: some rows and some columns of a table.
 *
 * @param rows the row filter expression; empty if all rows pass
 * @param version changes with each update
 */
record DataCellsFilter(
        String database, String table, String name, Optional<String> rows, ColumnSelection columns, String version) {

    DataCellsFilter {
        requireNonNull(database, "database");
        requireNonNull(table, "table");
        requireNonNull(name, "name");
        requireNonNull(rows, "rows");
        requireNonNull(columns, "columns");
        requireNonNull(version, "version");
    }

    String key() {
        return Keys.of(database, table, name);
    }

    ObjectNode describe() {
        ObjectNode node = JsonApi.object()
                .put("TableCatalogId", Account.ID)
                .put("DatabaseName", database)
                .put("TableName", table)
                .put("Name", name)
                .put("VersionId", version);
        ObjectNode filter = node.putObject("RowFilter");
        if (rows.isPresent()) {
            filter.put("FilterExpression", rows.get());
        } else {
            filter.putObject("AllRowsWildcard");
        }
        columns.describe(node);
        return node;
    }
}
