package dev.tenantlake.local.glue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What the Glue Data Catalog holds. Names are kept in small letters, as Glue does for Hive's sake. What a caller gave
 * for a database, table or partition is kept as it was given.
 */
public final class GlueCatalog {

    private final Journal journal;
    private final JournaledMap<Database> databases;
    private final JournaledMap<Table> tables;
    private final JournaledMap<Partition> partitions;
    private final List<DropListener> onDrop = new CopyOnWriteArrayList<>();

    public GlueCatalog(Journal journal) {
        this.journal = journal;
        this.databases = journal.map("glue.databases", Database.class);
        this.tables = journal.map("glue.tables", Table.class);
        this.partitions = journal.map("glue.partitions", Partition.class);
    }

    /** Has a listener told of what is dropped, so that what belongs to it goes in the same change. */
    public void onDrop(DropListener listener) {
        onDrop.add(listener);
    }

    /** Makes a change as a whole; one that throws is not made. */
    void change(Consumer<Change> change) {
        journal.change(change);
    }

    /** Makes the database of each layer of the lake that is not there, as the lake's Terraform does on AWS. */
    public void ensureDatabases(String bucket, Instant now) {
        change(change -> {
            for (Layer layer : Layer.values()) {
                String name = layer.database();
                if (database(name).isEmpty()) {
                    ObjectNode input = JsonApi.object()
                            .put("Name", name)
                            .put("LocationUri", new LakeLayout(bucket).uri(name + "/"));
                    put(change, new Database(name, input, now));
                }
            }
        });
    }

    public List<Database> databases() {
        return databases.values();
    }

    public Optional<Database> database(String name) {
        return databases.get(Keys.of(name));
    }

    /** @throws AwsFault {@code EntityNotFoundException} if there is none */
    Database requireDatabase(String name) {
        return database(name).orElseThrow(() -> notFound("Database " + name + " not found."));
    }

    public List<Table> tables(String database) {
        return tables.valuesUnder(Keys.under(database));
    }

    public Optional<Table> table(String database, String name) {
        return tables.get(Keys.of(database, name));
    }

    /** @throws AwsFault {@code EntityNotFoundException} if there is none */
    Table requireTable(String database, String name) {
        requireDatabase(database);
        return table(database, name).orElseThrow(() -> notFound("Table " + name + " not found."));
    }

    List<Partition> partitions(Table table) {
        return partitions.valuesUnder(Keys.under(table.database(), table.name()));
    }

    Optional<Partition> partition(Table table, List<String> values) {
        return partitions.get(key(table, values));
    }

    void put(Change change, Database database) {
        change.put(databases, Keys.of(database.name()), database);
    }

    void put(Change change, Table table) {
        change.put(tables, Keys.of(table.database(), table.name()), table);
    }

    void put(Change change, Table table, Partition partition) {
        change.put(partitions, key(table, partition.values()), partition);
    }

    void remove(Change change, Database database) {
        tables(database.name()).forEach(table -> remove(change, table));
        change.remove(databases, Keys.of(database.name()));
        onDrop.forEach(listener -> listener.dropped(change, database));
    }

    void remove(Change change, Table table) {
        partitions.keysUnder(Keys.under(table.database(), table.name())).forEach(key -> change.remove(partitions, key));
        change.remove(tables, Keys.of(table.database(), table.name()));
        onDrop.forEach(listener -> listener.dropped(change, table));
    }

    void remove(Change change, Table table, Partition partition) {
        change.remove(partitions, key(table, partition.values()));
    }

    private static String key(Table table, List<String> values) {
        List<String> parts = new ArrayList<>(List.of(table.database(), table.name()));
        parts.addAll(values);
        return Keys.of(parts);
    }

    static AwsFault notFound(String message) {
        return AwsFault.of("EntityNotFoundException", message);
    }

    static AwsFault alreadyExists(String message) {
        return AwsFault.of("AlreadyExistsException", message);
    }

    /** Is told of what is dropped. */
    public interface DropListener {
        void dropped(Change change, Table table);

        void dropped(Change change, Database database);
    }

    /** @param input a {@code DatabaseInput} */
    public record Database(String name, ObjectNode input, Instant createdAt) {}

    /**
     * @param input a {@code TableInput}
     * @param version counts the changes, from 0
     */
    public record Table(
            String database, String name, ObjectNode input, Instant createdAt, Instant updatedAt, long version) {

        /** The partition keys, outermost first. */
        public List<Column> partitionKeys() {
            return columns(input.path("PartitionKeys"));
        }

        /** The columns of the files, partition keys not among them. */
        public List<Column> columns() {
            return columns(input.path("StorageDescriptor").path("Columns"));
        }

        public boolean isView() {
            return input.path("TableType").asText().equals("VIRTUAL_VIEW");
        }

        private static List<Column> columns(Iterable<? extends JsonNode> nodes) {
            List<Column> columns = new ArrayList<>();
            nodes.forEach(node -> columns.add(
                    new Column(node.path("Name").asText(), node.path("Type").asText())));
            return columns;
        }
    }

    /** @param type in Hive's terms */
    public record Column(String name, String type) {}

    /** @param input a {@code PartitionInput} */
    public record Partition(List<String> values, ObjectNode input, Instant createdAt) {
        public Partition {
            values = List.copyOf(values);
        }
    }
}
