package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.BatchCreatePartitionResponse;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionError;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

/**
 * Keeps the Glue Data Catalog in step with the lake's tables. It remembers what it has seen there, and calls Glue only
 * when something is to be changed. Not for use by several threads at once.
 */
public final class Catalog {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    /** How many partitions one BatchCreatePartition call takes, by the Glue API reference. */
    private static final int PARTITIONS_PER_CALL = 100;

    private final GlueClient glue;
    private final LakeLayout layout;
    private final Map<String, CatalogTable> registered = new HashMap<>();
    private final Map<String, Set<List<String>>> partitions = new HashMap<>();

    public Catalog(GlueClient glue, LakeLayout layout) {
        this.glue = requireNonNull(glue, "glue");
        this.layout = requireNonNull(layout, "layout");
    }

    /** Creates the layer's database if it is not there. */
    public void ensureDatabase(Layer layer) {
        try {
            glue.getDatabase(get -> get.name(layer.database()));
        } catch (EntityNotFoundException missing) {
            try {
                glue.createDatabase(create -> create.databaseInput(
                        input -> input.name(layer.database()).locationUri(layout.uri(layer.database() + "/"))));
                LOG.info("event=database_created database={}", layer.database());
            } catch (AlreadyExistsException e) {
                LOG.debug("event=database_created_elsewhere database={}", layer.database());
            }
        }
    }

    /** Creates the table, or gives it these columns and parameters, unless it has them already. */
    public void ensureTable(CatalogTable table) {
        String name = qualified(table);
        if (table.equals(registered.get(name))) {
            return;
        }
        TableInput input = input(table);
        try {
            Table present = glue.getTable(
                            get -> get.databaseName(table.layer().database()).name(table.name()))
                    .table();
            if (differs(present, input)) {
                glue.updateTable(
                        update -> update.databaseName(table.layer().database()).tableInput(input));
                LOG.info(
                        "event=table_updated table={} columns={}",
                        name,
                        table.columns().size());
            }
        } catch (EntityNotFoundException missing) {
            glue.createTable(
                    create -> create.databaseName(table.layer().database()).tableInput(input));
            LOG.info(
                    "event=table_created table={} columns={}",
                    name,
                    table.columns().size());
        }
        registered.put(name, table);
    }

    /**
     * Registers the partitions of a table that are not registered.
     *
     * @param values of each partition, its values in the order of the table's partition columns; its files lie under
     *     {@code <table>/<column>=<value>/…}
     */
    public void ensurePartitions(CatalogTable table, Collection<List<String>> values) {
        Set<List<String>> known = partitions.computeIfAbsent(qualified(table), name -> registeredPartitions(table));
        List<List<String>> missing = values.stream()
                .distinct()
                .filter(value -> !known.contains(value))
                .toList();
        for (int from = 0; from < missing.size(); from += PARTITIONS_PER_CALL) {
            create(table, missing.subList(from, Math.min(missing.size(), from + PARTITIONS_PER_CALL)));
        }
        known.addAll(missing);
    }

    private void create(CatalogTable table, List<List<String>> values) {
        List<PartitionInput> inputs = values.stream()
                .map(value -> PartitionInput.builder()
                        .values(value)
                        .storageDescriptor(storage(table, location(table) + path(table, value)))
                        .build())
                .toList();
        BatchCreatePartitionResponse response = glue.batchCreatePartition(
                create -> create.databaseName(table.layer().database())
                        .tableName(table.name())
                        .partitionInputList(inputs));
        for (PartitionError error : response.errors()) {
            if (!"AlreadyExistsException".equals(error.errorDetail().errorCode())) {
                throw new LakeException(
                        LakeException.Kind.UNAVAILABLE,
                        "Glue did not register partition " + error.partitionValues() + " of " + qualified(table) + ": "
                                + error.errorDetail().errorMessage());
            }
        }
        LOG.info("event=partitions_registered table={} partitions={}", qualified(table), values.size());
    }

    private Set<List<String>> registeredPartitions(CatalogTable table) {
        Set<List<String>> present = new HashSet<>();
        glue
                .getPartitionsPaginator(get -> get.databaseName(table.layer().database())
                        .tableName(table.name())
                        .excludeColumnSchema(true))
                .stream()
                .flatMap(page -> page.partitions().stream())
                .map(Partition::values)
                .map(List::copyOf)
                .forEach(present::add);
        return present;
    }

    private TableInput input(CatalogTable table) {
        Map<String, String> parameters = new HashMap<>(table.parameters());
        parameters.put("EXTERNAL", "TRUE");
        parameters.put("classification", "parquet");
        return TableInput.builder()
                .name(table.name())
                .tableType("EXTERNAL_TABLE")
                .parameters(parameters)
                .partitionKeys(columns(table.partitionColumns()))
                .storageDescriptor(storage(table, location(table)))
                .build();
    }

    private StorageDescriptor storage(CatalogTable table, String location) {
        return StorageDescriptor.builder()
                .location(location)
                .columns(columns(table.columns()))
                .inputFormat(table.format().inputFormat())
                .outputFormat(table.format().outputFormat())
                .serdeInfo(serde -> serde.serializationLibrary(table.format().serializer())
                        .parameters(Map.of("serialization.format", "1")))
                .build();
    }

    /** Glue adds to what it is given, so only what is given is compared. */
    private static boolean differs(Table present, TableInput wanted) {
        return !present.storageDescriptor()
                        .columns()
                        .equals(wanted.storageDescriptor().columns())
                || !present.partitionKeys().equals(wanted.partitionKeys())
                || !present.storageDescriptor()
                        .location()
                        .equals(wanted.storageDescriptor().location())
                || !present.storageDescriptor()
                        .inputFormat()
                        .equals(wanted.storageDescriptor().inputFormat())
                || !present.parameters()
                        .entrySet()
                        .containsAll(wanted.parameters().entrySet());
    }

    private String location(CatalogTable table) {
        String uri = layout.uri(LakeLayout.tablePrefix(table.layer(), table.name()));
        return uri.substring(0, uri.length() - 1);
    }

    private static String path(CatalogTable table, List<String> values) {
        if (values.size() != table.partitionColumns().size()) {
            throw new IllegalArgumentException(values + " does not fit the partition columns of " + qualified(table)
                    + ": " + table.partitionColumns());
        }
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            path.append('/')
                    .append(table.partitionColumns().get(i).name())
                    .append('=')
                    .append(values.get(i));
        }
        return path.toString();
    }

    private static List<Column> columns(List<CatalogTable.Column> columns) {
        List<Column> glue = new ArrayList<>();
        for (CatalogTable.Column column : columns) {
            glue.add(
                    Column.builder().name(column.name()).type(column.glueType()).build());
        }
        return glue;
    }

    private static String qualified(CatalogTable table) {
        return table.layer().database() + "." + table.name();
    }
}
