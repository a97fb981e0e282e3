package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A table that the publication publishes.
 *
 * @param schema its Postgres schema
 * @param name its name, which is also that of its bronze table
 * @param identity which table it is, and since when it is published: another one if a table is dropped and created, or
 *     taken out of the publication and put in again
 * @param columns those that are published, in the table's order
 * @param hasPrimaryKey whether it has one
 * @param fullReplicaIdentity whether its replica identity is {@code FULL}, and that of each of its partitions
 * @param partitioned whether it is the root of a partitioned table, which has no rows of its own
 * @param rowFilter the condition that the publication sets on rows
 * @param bytes about how large it is on disk
 */
public record PublishedTable(
        String schema,
        String name,
        String identity,
        List<Column> columns,
        boolean hasPrimaryKey,
        boolean fullReplicaIdentity,
        boolean partitioned,
        Optional<String> rowFilter,
        long bytes) {

    /**
     * A published column.
     *
     * @param name its name
     * @param type its type
     */
    public record Column(String name, SourceType type) {
        public Column {
            requireNonNull(name, "name");
            requireNonNull(type, "type");
        }
    }

    public PublishedTable {
        requireNonNull(schema, "schema");
        requireNonNull(name, "name");
        requireNonNull(identity, "identity");
        columns = List.copyOf(columns);
        requireNonNull(rowFilter, "rowFilter");
    }

    /** {@code schema.name}, for messages. */
    public String qualifiedName() {
        return schema + "." + name;
    }

    /** The readers of its columns, in order. */
    public List<ColumnReader> readers(UnrepresentablePolicy policy) {
        return columns.stream()
                .map(column -> new ColumnReader(qualifiedName(), column.name(), column.type(), policy))
                .toList();
    }
}
