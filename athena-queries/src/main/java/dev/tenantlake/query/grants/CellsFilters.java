package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.ColumnWildcard;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;

/**
 * The data cells filters of the analysts: one for each tenant and table, which lets the tenant's rows through, and those of
 * no tenant.
 */
final class CellsFilters {

    private static final Set<String> DATABASES =
            Arrays.stream(Layer.values()).map(Layer::database).collect(Collectors.toUnmodifiableSet());

    private final LakeFormationClient lakeFormation;
    private final String catalogId;
    private final ChangeLog changes;

    CellsFilters(LakeFormationClient lakeFormation, String catalogId, ChangeLog changes) {
        this.lakeFormation = requireNonNull(lakeFormation, "lakeFormation");
        this.catalogId = requireNonNull(catalogId, "catalogId");
        this.changes = requireNonNull(changes, "changes");
    }

    /**
     * Which filter: a name is unique on its table.
     *
     * @param database the table's database
     * @param table the table's name
     * @param name the filter's name
     */
    record Key(String database, String table, String name) {

        static Key of(GrantableTable table, String slug) {
            return new Key(table.database(), table.name(), AnalystNames.filter(slug, table.name()));
        }

        /** The slug in the name. */
        String slug() {
            return AnalystNames.slugOfFilter(name, table).orElseThrow();
        }

        @Override
        public String toString() {
            return database + "." + table + "/" + name;
        }
    }

    /** The filters of ours that there are. */
    Map<Key, DataCellsFilter> existing() {
        Map<Key, DataCellsFilter> filters = new LinkedHashMap<>();
        lakeFormation.listDataCellsFilterPaginator(list -> list.build()).stream()
                .flatMap(page -> page.dataCellsFilters().stream())
                .filter(filter -> DATABASES.contains(filter.databaseName()))
                .filter(filter -> AnalystNames.slugOfFilter(filter.name(), filter.tableName())
                        .isPresent())
                .forEach(filter ->
                        filters.put(new Key(filter.databaseName(), filter.tableName(), filter.name()), filter));
        return filters;
    }

    /**
     * Makes the filter that is to be, or makes it so in one step if it is there and lets something else through.
     *
     * @param present the filter of that name, null if there is none
     */
    void ensure(GrantableTable table, Tenant tenant, DataCellsFilter present) {
        Key key = Key.of(table, tenant.slug());
        DataCellsFilter wanted = DataCellsFilter.builder()
                .tableCatalogId(catalogId)
                .databaseName(key.database())
                .tableName(key.table())
                .name(key.name())
                .rowFilter(rows -> table.tenantColumn()
                        .ifPresentOrElse(
                                column -> rows.filterExpression(column + " = " + tenant.id()),
                                () -> rows.allRowsWildcard(all -> {})))
                .applyMutation(filter -> columns(filter, table.columns()))
                .build();
        if (present == null) {
            lakeFormation.createDataCellsFilter(create -> create.tableData(wanted));
            changes.changed(Change.Action.CREATED, Change.Kind.FILTER, key.toString());
        } else if (!letsTheSameThrough(present, wanted)) {
            lakeFormation.updateDataCellsFilter(update -> update.tableData(wanted));
            changes.changed(Change.Action.UPDATED, Change.Kind.FILTER, key.toString());
        } else {
            changes.kept();
        }
    }

    /** Removes a filter that is granted to nobody any more. */
    void remove(Key key) {
        try {
            lakeFormation.deleteDataCellsFilter(delete -> delete.tableCatalogId(catalogId)
                    .databaseName(key.database())
                    .tableName(key.table())
                    .name(key.name()));
        } catch (EntityNotFoundException e) {
            // It went with its table.
            return;
        }
        changes.changed(Change.Action.REMOVED, Change.Kind.FILTER, key.toString());
    }

    private static void columns(DataCellsFilter.Builder filter, GrantableTable.Columns columns) {
        if (columns instanceof GrantableTable.Only only) {
            filter.columnNames(only.names());
        } else if (columns instanceof GrantableTable.AllBut allBut) {
            filter.columnWildcard(wildcard -> wildcard.excludedColumnNames(allBut.names()));
        }
    }

    private static boolean letsTheSameThrough(DataCellsFilter present, DataCellsFilter wanted) {
        return present.rowFilter() != null
                && (present.rowFilter().allRowsWildcard() == null)
                        == (wanted.rowFilter().allRowsWildcard() == null)
                && Objects.equals(
                        wanted.rowFilter().filterExpression(),
                        present.rowFilter().filterExpression())
                && Set.copyOf(present.columnNames()).equals(Set.copyOf(wanted.columnNames()))
                && hidden(present.columnWildcard()).equals(hidden(wanted.columnWildcard()));
    }

    private static Set<String> hidden(ColumnWildcard columns) {
        return columns == null ? Set.of() : new TreeSet<>(columns.excludedColumnNames());
    }
}
