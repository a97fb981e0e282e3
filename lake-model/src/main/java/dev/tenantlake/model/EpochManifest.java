package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an epoch holds, and the commit point of its bronze files: an epoch is in the lake when its manifest is, and not
 * before. Epochs are numbered from 1 without a gap; the first is a snapshot.
 *
 * @param epoch its number
 * @param kind where its rows come from
 * @param source the source's identity: an epoch is only ever continued from the same one
 * @param firstLsn the LSN at which the first transaction in it ends; of a snapshot, the slot's consistent point
 * @param lastLsn the LSN at which the last transaction in it ends; the lake holds the source as of this position
 * @param firstCommittedAt when the first transaction was committed, by the source's clock
 * @param lastCommittedAt when the last transaction was committed, by the source's clock
 * @param transactions how many transactions it holds; 1 for a snapshot
 * @param ingestDate the {@code ingest_date} of all its files: the UTC day on which it was cut
 * @param tables by table name, those that have rows in it
 * @param schemas by schema id, the schemas of its files
 * @param loaded the names of all tables that the lake carries since a load, this epoch's or an earlier one's; changes of
 *     another table are carried too, but without the rows that it had before
 * @param offset the Debezium offset to resume from after it; empty for a snapshot, whose slot says where to start
 * @param writtenAt when the manifest was made, by the writer's clock
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EpochManifest(
        long epoch,
        Kind kind,
        Source source,
        Lsn firstLsn,
        Lsn lastLsn,
        Instant firstCommittedAt,
        Instant lastCommittedAt,
        long transactions,
        LocalDate ingestDate,
        Map<String, TableSlice> tables,
        Map<String, BronzeSchema> schemas,
        Set<String> loaded,
        Optional<Map<String, Object>> offset,
        Instant writtenAt) {

    public EpochManifest {
        if (epoch < 1) {
            throw new IllegalArgumentException("epochs are numbered from 1: " + epoch);
        }
        requireNonNull(kind, "kind");
        requireNonNull(source, "source");
        requireNonNull(firstLsn, "firstLsn");
        requireNonNull(lastLsn, "lastLsn");
        requireNonNull(firstCommittedAt, "firstCommittedAt");
        requireNonNull(lastCommittedAt, "lastCommittedAt");
        requireNonNull(ingestDate, "ingestDate");
        tables = Map.copyOf(tables);
        schemas = Map.copyOf(schemas);
        loaded = Collections.unmodifiableSet(new TreeSet<>(loaded));
        // Not Map.copyOf: a connector's offset may hold nulls.
        offset = offset.map(given -> Collections.unmodifiableMap(new LinkedHashMap<>(given)));
        requireNonNull(writtenAt, "writtenAt");
    }

    /** Whether each table's slice is all that there is of the table, whatever came before. */
    public boolean replacesTables() {
        return kind != Kind.STREAM;
    }

    /** The rows of all tables together. */
    public long rows() {
        return tables.values().stream().mapToLong(TableSlice::rows).sum();
    }

    /** Where an epoch's rows come from. */
    public enum Kind {
        /**
         * All tables as they stood at the consistent point of a new slot. In one after the first epoch, whose slot was
         * lost, every table's slice begins with a truncate: what the lake held of it goes.
         */
        SNAPSHOT,
        /**
         * Some tables as they stood at {@link EpochManifest#lastLsn()}, within the stream of one slot. Each table's slice
         * begins with a truncate, and holds nothing but the rows read after it.
         */
        LOAD,
        /** Whole transactions of the change stream. */
        STREAM
    }

    /**
     * Which source, and through which slot.
     *
     * @param systemIdentifier of the Postgres cluster, from {@code pg_control_system()}
     * @param database the database's name
     * @param slot the replication slot's name
     */
    public record Source(String systemIdentifier, String database, String slot) {
        public Source {
            requireNonNull(systemIdentifier, "systemIdentifier");
            requireNonNull(database, "database");
            requireNonNull(slot, "slot");
        }
    }

    /**
     * What an epoch holds of one table.
     *
     * @param rows how many change rows
     * @param truncated whether one of them is a truncate, {@code _op = 't'}
     * @param files its files, in the order of their parts
     */
    public record TableSlice(long rows, boolean truncated, List<DataFile> files) {
        public TableSlice {
            files = List.copyOf(files);
        }
    }

    /**
     * A bronze file.
     *
     * @param key its key in the lake's bucket
     * @param rows how many rows it holds
     * @param bytes its size
     * @param schemaId the id, in {@link #schemas()}, of its schema
     */
    public record DataFile(String key, long rows, long bytes, String schemaId) {
        public DataFile {
            requireNonNull(key, "key");
            requireNonNull(schemaId, "schemaId");
        }
    }

    /**
     * The schema of a bronze file: the source's columns; the bronze columns of {@link BronzeColumns} follow them.
     *
     * @param table the table's name
     * @param columns by name, in the source's order, their Glue types
     */
    public record BronzeSchema(String table, List<BronzeColumn> columns) {
        public BronzeSchema {
            requireNonNull(table, "table");
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of a bronze file.
     *
     * @param name as in the source
     * @param glueType as in the Glue Data Catalog: {@code bigint}, {@code decimal(12,2)}, {@code timestamp} …
     */
    public record BronzeColumn(String name, String glueType) {
        public BronzeColumn {
            requireNonNull(name, "name");
            requireNonNull(glueType, "glueType");
        }
    }
}
