package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.history.LakeSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * The lake's tables, as the Glue Data Catalog has them, by what can be granted of them. Of bronze, which takes every column
 * that the source has, the ones are granted that the lake's model knows, and the history of their rows.
 *
 * @param granted of which each analyst sees the rows of one tenant, and those of none
 * @param withheld by qualified name, why nobody but the administrator sees a table
 * @param schema the columns of all of them
 */
record LakeTables(List<GrantableTable> granted, Map<String, String> withheld, LakeSchema schema) {

    /** Of no tenant: it says when tables lost all their rows. */
    private static final String TRUNCATES = "truncates";

    private static final String QUARANTINE = "quarantine";
    /** The types that a row filter can compare with a tenant's id. */
    private static final Set<String> ID_TYPES = Set.of("bigint", "int");

    LakeTables {
        granted = granted.stream()
                .sorted(Comparator.comparing(GrantableTable::qualifiedName))
                .toList();
        withheld = Map.copyOf(withheld);
        requireNonNull(schema, "schema");
    }

    /** What the catalog has now; a database that is not there has no tables. */
    static LakeTables of(GlueClient glue) {
        requireNonNull(glue, "glue");
        List<GrantableTable> granted = new ArrayList<>();
        Map<String, String> withheld = new TreeMap<>();
        SortedMap<String, List<LakeSchema.Column>> schema = new TreeMap<>();
        for (Layer layer : Layer.values()) {
            for (Table table : LakeSchema.tables(glue, layer)) {
                String qualifiedName = layer.database() + "." + table.name();
                List<LakeSchema.Column> present = LakeSchema.columns(table);
                schema.put(qualifiedName, present);
                Map<String, String> columns = present.stream()
                        .collect(Collectors.toMap(
                                LakeSchema.Column::name, LakeSchema.Column::glueType, (first, second) -> first));
                Optional<SourceTable> source = source(layer, table.name());
                String tenantColumn = source.map(SourceTable::tenantColumn).orElse(SourceTable.TENANT_PARTITION);
                if ("VIRTUAL_VIEW".equals(table.tableType())) {
                    withheld.put(qualifiedName, "a table's filters do not reach a view of it");
                } else if (table.name().equals(QUARANTINE)) {
                    withheld.put(qualifiedName, "it holds raw rows that broke a rule");
                } else if (layer == Layer.SILVER && table.name().equals(TRUNCATES)) {
                    granted.add(new GrantableTable(
                            layer.database(),
                            table.name(),
                            Optional.empty(),
                            new GrantableTable.Only(List.copyOf(columns.keySet()))));
                } else if (layer == Layer.BRONZE && source.isEmpty()) {
                    withheld.put(qualifiedName, "the lake's model does not know it");
                } else if (!ID_TYPES.contains(columns.getOrDefault(tenantColumn, ""))) {
                    withheld.put(qualifiedName, "it has no column " + tenantColumn + " that says whose row it is");
                } else {
                    granted.add(new GrantableTable(
                            layer.database(),
                            table.name(),
                            Optional.of(tenantColumn),
                            layer == Layer.BRONZE
                                    ? new GrantableTable.Only(historyColumns(source.orElseThrow(), columns.keySet()))
                                    : new GrantableTable.AllBut(
                                            source.map(SourceTable::sensitiveColumns).orElse(List.of()).stream()
                                                    .filter(columns::containsKey)
                                                    .toList())));
                }
            }
        }
        return new LakeTables(granted, withheld, new LakeSchema(schema));
    }

    /** Whether the table is there of which one learns who the tenants are. */
    boolean hasTenants() {
        return granted.stream()
                .anyMatch(table ->
                        table.qualifiedName().equals(Layer.SILVER.database() + "." + SourceTable.TENANTS.name()));
    }

    private static Optional<SourceTable> source(Layer layer, String table) {
        return switch (layer) {
            case BRONZE -> LakeSchema.sourceOf(table);
            case SILVER -> SourceTable.named(table);
            case GOLD -> Optional.empty();
        };
    }

    /** A column that comes to the source comes to bronze by itself, and nobody has said yet who may see it. */
    private static List<String> historyColumns(SourceTable source, Set<String> present) {
        return Stream.of(
                        source.columns().stream()
                                .filter(column -> !column.sensitive())
                                .map(SourceColumn::name),
                        BronzeColumns.ALL.stream().map(BronzeColumn::name),
                        Stream.of(BronzeColumns.INGEST_DATE, BronzeColumns.EPOCH_BLOCK))
                .flatMap(names -> names)
                .filter(present::contains)
                .toList();
    }
}
