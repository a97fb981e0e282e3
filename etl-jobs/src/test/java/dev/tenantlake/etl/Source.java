package dev.tenantlake.etl;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Stands for Postgres and cdc-ingest: holds the tables' rows, and writes what becomes of them to bronze, epoch by
 * epoch, as the contract between the modules has it.
 */
final class Source {

    private static final LocalDate INGEST_DATE = LocalDate.of(2026, 7, 1);
    private static final Instant FIRST_COMMIT = Instant.parse("2026-07-01T10:00:00Z");

    private final S3Client s3;
    private final LakeLayout layout;
    private final Map<String, Map<List<Object>, Map<String, Object>>> rows = new LinkedHashMap<>();
    private final Map<String, List<BronzeColumn>> columns = new HashMap<>();
    private final Map<String, List<Pending>> pending = new LinkedHashMap<>();
    private final Set<String> loaded = new HashSet<>();
    private long epoch;
    private long ordinal;

    Source(S3Client s3, LakeLayout layout) {
        this.s3 = s3;
        this.layout = layout;
        for (SourceTable table : SourceTable.ALL) {
            columns.put(
                    table.name(),
                    table.columns().stream()
                            .map(column -> new BronzeColumn(
                                    column.name(), column.type().glueType()))
                            .toList());
        }
    }

    /** A change row that no epoch holds yet, with the columns that the table has at that time. */
    private record Pending(List<BronzeColumn> columns, Map<String, Object> row) {}

    /** The rows that the table has now. */
    Collection<Map<String, Object>> rows(SourceTable table) {
        return of(table).values();
    }

    void insert(SourceTable table, Map<String, Object> row) {
        Map<String, Object> before = of(table).put(key(table, row), new HashMap<>(row));
        if (before != null) {
            throw new IllegalStateException("there is a row with this key: " + row);
        }
        change(table.name(), "c", row);
    }

    /** Changes columns of a row; if it then lies elsewhere, bronze gets a delete and a create. */
    void update(SourceTable table, Map<String, Object> row, Map<String, Object> changes) {
        Map<String, Object> before = of(table).remove(key(table, row));
        Map<String, Object> after = new HashMap<>(before);
        after.putAll(changes);
        of(table).put(key(table, after), after);
        boolean moved = table.placementColumns().stream()
                .anyMatch(column -> !Objects.equals(before.get(column), after.get(column)));
        if (moved) {
            change(table.name(), "d", before);
        }
        change(table.name(), moved ? "c" : "u", after);
    }

    void delete(SourceTable table, Map<String, Object> row) {
        change(table.name(), "d", of(table).remove(key(table, row)));
    }

    void truncate(SourceTable table) {
        of(table).clear();
        change(table.name(), "t", Map.of());
    }

    /** The table has this column from now on, and its rows may have values in it. */
    void addColumn(String table, String name, String glueType) {
        List<BronzeColumn> more = new ArrayList<>(columns.getOrDefault(table, List.of()));
        more.add(new BronzeColumn(name, glueType));
        columns.put(table, List.copyOf(more));
    }

    void dropColumn(SourceTable table, String name) {
        columns.put(
                table.name(),
                columns.get(table.name()).stream()
                        .filter(column -> !column.name().equals(name))
                        .toList());
        rows(table).forEach(row -> row.remove(name));
    }

    /** The column is of this type from now on; what values its rows then have is the test's to say. */
    void changeColumn(SourceTable table, String name, String glueType) {
        columns.put(
                table.name(),
                columns.get(table.name()).stream()
                        .map(column -> column.name().equals(name) ? new BronzeColumn(name, glueType) : column)
                        .toList());
    }

    /** The column has another name from now on, as is its values' in all rows; bronze is not told of those. */
    void renameColumn(SourceTable table, String name, String newName) {
        columns.put(
                table.name(),
                columns.get(table.name()).stream()
                        .map(column ->
                                column.name().equals(name) ? new BronzeColumn(newName, column.glueType()) : column)
                        .toList());
        rows(table).forEach(row -> row.put(newName, row.remove(name)));
    }

    /** Adds a change row as it is, of any table. */
    void change(String table, String op, Map<String, Object> row) {
        Map<String, Object> change = new HashMap<>(row);
        change.put(BronzeColumns.OP, op);
        change.put(BronzeColumns.ORDINAL, ordinal++);
        pending.computeIfAbsent(table, first -> new ArrayList<>()).add(new Pending(columns.get(table), change));
    }

    /** Writes the tables as they are now: the first epoch, or one that replaces all that was there. */
    EpochManifest snapshot() {
        return load(EpochManifest.Kind.SNAPSHOT, SourceTable.ALL);
    }

    /** Writes an epoch that replaces some tables with what they are now. */
    EpochManifest load(SourceTable... tables) {
        return load(EpochManifest.Kind.LOAD, List.of(tables));
    }

    /** The table is carried no more, until it is loaded again: what becomes of it bronze is not told. */
    void leaveOut(SourceTable table) {
        loaded.remove(table.name());
        pending.remove(table.name());
    }

    private EpochManifest load(EpochManifest.Kind kind, List<SourceTable> tables) {
        pending.clear();
        ordinal = 0;
        tables.forEach(table -> loaded.add(table.name()));
        for (SourceTable table : tables) {
            if (epoch > 0) {
                change(table.name(), "t", Map.of());
            }
            rows(table).forEach(row -> change(table.name(), "r", row));
        }
        return cut(kind);
    }

    /** Writes an epoch with all that changed since the last one. */
    EpochManifest cut() {
        return cut(EpochManifest.Kind.STREAM);
    }

    private EpochManifest cut(EpochManifest.Kind kind) {
        epoch++;
        Instant committedAt = FIRST_COMMIT.plusSeconds(epoch);
        Lsn lsn = new Lsn(epoch * 1000);
        Map<String, TableSlice> tables = new HashMap<>();
        Map<String, BronzeSchema> schemas = new HashMap<>();
        pending.forEach((table, changes) -> {
            Map<List<BronzeColumn>, List<Map<String, Object>>> bySchema = new LinkedHashMap<>();
            for (Pending change : changes) {
                change.row().put(BronzeColumns.EPOCH, epoch);
                change.row().put(BronzeColumns.LSN, lsn.value());
                change.row().put(BronzeColumns.TX_ID, epoch);
                change.row().put(BronzeColumns.COMMITTED_AT, committedAt);
                bySchema.computeIfAbsent(change.columns(), first -> new ArrayList<>())
                        .add(change.row());
            }
            List<DataFile> files = new ArrayList<>();
            bySchema.forEach((schema, rows) -> {
                String schemaId = table + "-" + schema.size() + "-" + files.size();
                schemas.put(schemaId, new BronzeSchema(table, schema));
                String key = LakeLayout.bronzeFileKey(table, INGEST_DATE, epoch, files.size());
                byte[] file = BronzeParquet.file(schema, rows);
                s3.putObject(put -> put.bucket(layout.bucket()).key(key), RequestBody.fromBytes(file));
                files.add(new DataFile(key, rows.size(), file.length, schemaId));
            });
            boolean truncated =
                    changes.stream().anyMatch(change -> "t".equals(change.row().get(BronzeColumns.OP)));
            tables.put(table, new TableSlice(changes.size(), truncated, files));
        });
        pending.clear();
        ordinal = 0;
        EpochManifest manifest = new EpochManifest(
                epoch,
                kind,
                new EpochManifest.Source("7000000000000000001", "shop", "tenantlake"),
                lsn,
                lsn,
                committedAt,
                committedAt,
                1,
                INGEST_DATE,
                tables,
                schemas,
                loaded,
                Optional.empty(),
                committedAt);
        new EpochLog(s3, layout).append(manifest);
        return manifest;
    }

    private Map<List<Object>, Map<String, Object>> of(SourceTable table) {
        return rows.computeIfAbsent(table.name(), first -> new LinkedHashMap<>());
    }

    private static List<Object> key(SourceTable table, Map<String, Object> row) {
        return table.primaryKey().stream().map(row::get).toList();
    }
}
