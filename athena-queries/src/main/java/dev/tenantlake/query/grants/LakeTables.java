package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * The tables of silver and gold, as the Glue Data Catalog has them, by what can be granted of them. Bronze is granted to
 * nobody.
 *
 * @param granted of which each analyst sees the rows of one tenant
 * @param withheld by qualified name, why nobody but the administrator sees a table
 */
record LakeTables(List<GrantableTable> granted, Map<String, String> withheld) {

    private static final List<Layer> LAYERS = List.of(Layer.SILVER, Layer.GOLD);
    private static final String QUARANTINE = "quarantine";
    /** The types that a row filter can compare with a tenant's id. */
    private static final Set<String> ID_TYPES = Set.of("bigint", "int");

    LakeTables {
        granted = granted.stream()
                .sorted(Comparator.comparing(GrantableTable::qualifiedName))
                .toList();
        withheld = Map.copyOf(withheld);
    }

    /** What the catalog has now; a database that is not there has no tables. */
    static LakeTables of(GlueClient glue) {
        requireNonNull(glue, "glue");
        List<GrantableTable> granted = new ArrayList<>();
        Map<String, String> withheld = new TreeMap<>();
        for (Layer layer : LAYERS) {
            for (Table table : tables(glue, layer)) {
                String qualifiedName = layer.database() + "." + table.name();
                Map<String, String> columns = columns(table);
                Optional<SourceTable> source =
                        layer == Layer.SILVER ? SourceTable.named(table.name()) : Optional.empty();
                String tenantColumn = source.map(SourceTable::tenantColumn).orElse(SourceTable.TENANT_PARTITION);
                if ("VIRTUAL_VIEW".equals(table.tableType())) {
                    withheld.put(qualifiedName, "a table's filters do not reach a view of it");
                } else if (table.name().equals(QUARANTINE)) {
                    withheld.put(qualifiedName, "it holds raw rows that broke a rule");
                } else if (!ID_TYPES.contains(columns.getOrDefault(tenantColumn, ""))) {
                    withheld.put(qualifiedName, "it has no column " + tenantColumn + " that says whose row it is");
                } else {
                    granted.add(new GrantableTable(
                            layer.database(),
                            table.name(),
                            tenantColumn,
                            source.map(SourceTable::sensitiveColumns).orElse(List.of()).stream()
                                    .filter(columns::containsKey)
                                    .toList()));
                }
            }
        }
        return new LakeTables(granted, withheld);
    }

    /** Whether the table is there of which one learns who the tenants are. */
    boolean hasTenants() {
        return granted.stream()
                .anyMatch(table ->
                        table.qualifiedName().equals(Layer.SILVER.database() + "." + SourceTable.TENANTS.name()));
    }

    private static List<Table> tables(GlueClient glue, Layer layer) {
        try {
            return glue.getTablesPaginator(get -> get.databaseName(layer.database())).stream()
                    .flatMap(page -> page.tableList().stream())
                    .toList();
        } catch (EntityNotFoundException e) {
            return List.of();
        }
    }

    private static Map<String, String> columns(Table table) {
        Stream<Column> stored =
                table.storageDescriptor() == null ? Stream.empty() : table.storageDescriptor().columns().stream();
        return Stream.concat(stored, table.partitionKeys().stream())
                .collect(Collectors.toMap(Column::name, Column::type, (first, second) -> first));
    }
}
