package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;

/**
 * Registers the bronze tables in the Glue Data Catalog: a new table, a new column, a new partition. A table has the columns of
 * every schema whose files it has, in the order in which they came, each of a type that all of the files are read as; then
 * those of {@link BronzeColumns}. When a column of the source changes to a type that cannot be read together with the one
 * before, the files from then on come under another bronze table, {@code <table>__2} and so on, and the one before keeps
 * its own: no query that could be asked stops working, and all history can be asked.
 */
public final class BronzeCatalog {

    private static final List<Column> PARTITION_COLUMNS =
            List.of(new Column(BronzeColumns.INGEST_DATE, "string"), new Column(BronzeColumns.EPOCH_BLOCK, "bigint"));
    private static final Logger LOG = LoggerFactory.getLogger(BronzeCatalog.class);
    private static final String BRONZE = "bronze/";
    /** Between a table's name and the number of its form. */
    private static final String FORM = "__";

    private static final Set<String> BRONZE_COLUMNS =
            BronzeColumns.ALL.stream().map(BronzeColumn::name).collect(Collectors.toUnmodifiableSet());

    private final Catalog catalog;
    private final GlueClient glue;
    private final LakeLayout layout;
    private final Map<String, Map<String, String>> columnsByTable = new HashMap<>();
    private final Map<String, CatalogTable> tables = new HashMap<>();
    private final Set<String> registeredSchemas = new HashSet<>();
    /** By table, the values of the partition that was registered last. */
    private final Map<String, List<String>> registeredPartitions = new HashMap<>();

    /**
     * @param glue to look up the columns that a table has from before
     * @param layout of the lake whose tables they are
     */
    public BronzeCatalog(Catalog catalog, GlueClient glue, LakeLayout layout) {
        this.layout = requireNonNull(layout, "layout");
        this.catalog = requireNonNull(catalog, "catalog");
        this.glue = requireNonNull(glue, "glue");
    }

    /** Creates the database if it is not there. */
    public void ensureDatabase() {
        catalog.ensureDatabase(Layer.BRONZE);
    }

    /**
     * The bronze table that files of a schema come under, which is also the name of their folder: that of the source's
     * table, unless a column of it has there a type that cannot be read together with this one.
     */
    public synchronized String tableFor(BronzeSchema schema) {
        for (int form = 1; ; form++) {
            String name = form == 1 ? schema.table() : schema.table() + FORM + form;
            Map<String, String> columns = columnsByTable.computeIfAbsent(name, this::knownColumns);
            Optional<Map<String, String>> merged = merge(columns, schema);
            if (merged.isPresent()) {
                // What is put there next has to fit this one too.
                columns.putAll(merged.get());
                return name;
            }
        }
    }

    /** The columns of the schema, each of the type that all files are read as; empty if one has none. */
    private static Optional<Map<String, String>> merge(Map<String, String> columns, BronzeSchema schema) {
        Map<String, String> merged = new LinkedHashMap<>();
        for (BronzeColumn column : schema.columns()) {
            String name = column.name().toLowerCase(Locale.ROOT);
            Optional<String> type = columns.containsKey(name)
                    ? GlueTypeMerge.of(columns.get(name), column.glueType())
                    : Optional.of(column.glueType());
            if (type.isEmpty()) {
                return Optional.empty();
            }
            merged.put(name, type.get());
        }
        return Optional.of(merged);
    }

    /** Registers what is new in an epoch: nothing, and no call, for most of them. */
    public synchronized void register(EpochManifest manifest) {
        manifest.schemas().forEach(this::registerSchema);
        manifest.tables().values().stream()
                .flatMap(slice -> slice.files().stream())
                .map(file -> folder(file.key()))
                .distinct()
                .forEach(table -> registerPartition(table, manifest));
    }

    private static String folder(String key) {
        return key.substring(BRONZE.length(), key.indexOf('/', BRONZE.length()));
    }

    private void registerSchema(String id, BronzeSchema schema) {
        if (registeredSchemas.contains(id)) {
            return;
        }
        String name = tableFor(schema);
        Optional<CatalogTable> before = Optional.ofNullable(tables.get(name));
        List<Column> all = new ArrayList<>();
        columnsByTable.get(name).forEach((column, type) -> all.add(new Column(column, type)));
        BronzeColumns.ALL.forEach(column -> all.add(new Column(column.name(), column.glueType())));
        CatalogTable table =
                new CatalogTable(Layer.BRONZE, name, CatalogTable.Format.PARQUET, all, PARTITION_COLUMNS, Map.of());
        catalog.ensureTable(table);
        if (!name.equals(schema.table()) && before.isEmpty()) {
            LOG.warn(
                    "event=bronze_table_forked table={} bronze_table={} note=\"a column changed to a type that cannot be"
                            + " read together with the one before: files from now on come under this name\"",
                    schema.table(),
                    name);
        }
        tables.put(name, table);
        registeredSchemas.add(id);
        updatePartitions(table);
    }

    /** A query engine reads a partition by the columns that it is registered with. */
    private void updatePartitions(CatalogTable table) {
        List<software.amazon.awssdk.services.glue.model.Column> columns = table.columns().stream()
                .map(column -> software.amazon.awssdk.services.glue.model.Column.builder()
                        .name(column.name())
                        .type(column.glueType())
                        .build())
                .toList();
        glue
                .getPartitionsPaginator(
                        get -> get.databaseName(Layer.BRONZE.database()).tableName(table.name()))
                .stream()
                .flatMap(page -> page.partitions().stream())
                .filter(partition -> !partition.storageDescriptor().columns().equals(columns))
                .toList()
                .forEach(partition -> update(
                        table.name(),
                        partition,
                        partition.storageDescriptor().toBuilder()
                                .columns(columns)
                                .build()));
    }

    /** Whether the partition is there, and points to the files that the manifests name. */
    boolean isUnsettled(BronzePartition partition) {
        return find(partition)
                .filter(found -> (found.storageDescriptor().location() + "/").equals(layout.uri(partition.prefix())))
                .isPresent();
    }

    /** Points the partition to its settled files. */
    synchronized void settle(BronzePartition partition) {
        Partition found = find(partition)
                .orElseThrow(() -> new IllegalStateException("partition " + partition + " is not in the catalog"));
        String prefix = layout.uri(partition.settledPrefix());
        update(
                partition.table(),
                found,
                found.storageDescriptor().toBuilder()
                        .location(prefix.substring(0, prefix.length() - 1))
                        .build());
    }

    private Optional<Partition> find(BronzePartition partition) {
        try {
            return Optional.of(glue.getPartition(get -> get.databaseName(Layer.BRONZE.database())
                            .tableName(partition.table())
                            .partitionValues(partition.values()))
                    .partition());
        } catch (EntityNotFoundException e) {
            return Optional.empty();
        }
    }

    private void update(String table, Partition partition, StorageDescriptor storage) {
        glue.updatePartition(update -> update.databaseName(Layer.BRONZE.database())
                .tableName(table)
                .partitionValueList(partition.values())
                .partitionInput(input -> input.values(partition.values()).storageDescriptor(storage)));
    }

    private void registerPartition(String table, EpochManifest manifest) {
        List<String> values =
                List.of(manifest.ingestDate().toString(), Long.toString(BronzeColumns.epochBlock(manifest.epoch())));
        if (!values.equals(registeredPartitions.get(table))) {
            catalog.ensurePartitions(tables.get(table), List.of(values));
            registeredPartitions.put(table, values);
        }
    }

    /** The source's columns of the table as Glue has it, in its order. */
    private Map<String, String> knownColumns(String table) {
        Map<String, String> columns = new LinkedHashMap<>();
        try {
            StorageDescriptor storage = glue.getTable(
                            get -> get.databaseName(Layer.BRONZE.database()).name(table))
                    .table()
                    .storageDescriptor();
            // A table of a lake in another bucket is about to be taken over, and its files with it.
            if ((storage.location() + "/").equals(layout.uri(LakeLayout.bronzePrefix(table)))) {
                storage.columns().stream()
                        .filter(column -> !BRONZE_COLUMNS.contains(column.name()))
                        .forEach(column -> columns.put(column.name(), column.type()));
            }
        } catch (EntityNotFoundException e) {
            // A new table has only the columns that it begins with.
            return columns;
        }
        return columns;
    }
}
