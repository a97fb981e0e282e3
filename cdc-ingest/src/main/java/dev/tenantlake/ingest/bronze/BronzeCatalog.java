package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.Layer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

/**
 * Registers the bronze tables in the Glue Data Catalog: a new table, a new column, a new day. A table has the columns of
 * every schema that it ever had, in the order in which they came, so that old files stay readable; then those of
 * {@link BronzeColumns}. Not for use by several threads at once.
 */
public final class BronzeCatalog {

    private static final List<Column> PARTITION_COLUMNS = List.of(new Column(BronzeColumns.INGEST_DATE, "string"));
    private static final Set<String> BRONZE_COLUMNS =
            BronzeColumns.ALL.stream().map(BronzeColumn::name).collect(Collectors.toUnmodifiableSet());

    private final Catalog catalog;
    private final GlueClient glue;
    private final Map<String, Map<String, String>> columnsByTable = new HashMap<>();
    private final Map<String, CatalogTable> tables = new HashMap<>();
    private final Set<String> registeredSchemas = new HashSet<>();
    private final Map<String, LocalDate> registeredDays = new HashMap<>();

    /** @param glue to look up the columns that a table has from before */
    public BronzeCatalog(Catalog catalog, GlueClient glue) {
        this.catalog = requireNonNull(catalog, "catalog");
        this.glue = requireNonNull(glue, "glue");
    }

    /** Creates the database if it is not there. */
    public void ensureDatabase() {
        catalog.ensureDatabase(Layer.BRONZE);
    }

    /** Registers what is new in an epoch: nothing, and no call, for most of them. */
    public void register(EpochManifest manifest) {
        manifest.schemas().forEach(this::registerSchema);
        manifest.tables().keySet().forEach(table -> registerDay(table, manifest.ingestDate()));
    }

    private void registerSchema(String id, BronzeSchema schema) {
        if (registeredSchemas.contains(id)) {
            return;
        }
        Map<String, String> columns = columnsByTable.computeIfAbsent(schema.table(), this::knownColumns);
        schema.columns().forEach(column -> columns.put(column.name().toLowerCase(Locale.ROOT), column.glueType()));
        List<Column> all = new ArrayList<>();
        columns.forEach((name, type) -> all.add(new Column(name, type)));
        BronzeColumns.ALL.forEach(column -> all.add(new Column(column.name(), column.glueType())));
        CatalogTable table = new CatalogTable(
                Layer.BRONZE, schema.table(), CatalogTable.Format.PARQUET, all, PARTITION_COLUMNS, Map.of());
        catalog.ensureTable(table);
        tables.put(schema.table(), table);
        registeredSchemas.add(id);
    }

    private void registerDay(String table, LocalDate day) {
        if (!day.equals(registeredDays.get(table))) {
            catalog.ensurePartitions(tables.get(table), List.of(List.of(day.toString())));
            registeredDays.put(table, day);
        }
    }

    /** The source's columns of the table as Glue has it, in its order. */
    private Map<String, String> knownColumns(String table) {
        Map<String, String> columns = new LinkedHashMap<>();
        try {
            glue
                    .getTable(get -> get.databaseName(Layer.BRONZE.database()).name(table))
                    .table()
                    .storageDescriptor()
                    .columns()
                    .stream()
                    .filter(column -> !BRONZE_COLUMNS.contains(column.name()))
                    .forEach(column -> columns.put(column.name(), column.type()));
        } catch (EntityNotFoundException e) {
            // A new table has only the columns that it begins with.
            return columns;
        }
        return columns;
    }
}
