package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Upserts a few rows in one commit from this process alone. Spark's tasks, which are sent the table and Hadoop's settings,
 * would cost many times what a few rows' files do.
 */
final class SmallUpsert {

    /** After all instants. */
    private static final String LATEST = "9";

    private final HudiLake lake;
    private final Map<HudiTable, WriteSettings> known = new ConcurrentHashMap<>();

    SmallUpsert(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * Writes rows in one commit.
     *
     * @param opened the table, with its timeline as it is now
     * @param rows at most one per key and partition, with the columns of the schema
     * @param epoch the last epoch that the table holds with them
     */
    HudiCommit write(
            HudiTable table, HoodieTableMetaClient opened, List<InternalRow> rows, StructType schema, long epoch) {
        WriteSettings settings = known.compute(
                table,
                (key, before) -> before != null && before.schema().equals(schema)
                        ? before
                        : WriteSettings.of(table, lake.address(table), schema));
        BegunCommit commit = BegunCommit.of(lake, table, opened, settings.hudi(), HudiWriter.Operation.UPSERT);
        CommitFiles files = new CommitFiles(settings, commit.instant(), lake.settingsOfAFile());
        List<HoodieWriteStat> written = lake
                .files()
                .onEach(List.copyOf(byPartition(files, rows).entrySet()), partition -> {
                    Optional<String> present = commit.index().files(List.of(partition.getKey()), LATEST).stream()
                            .findFirst();
                    return write(files, partition.getKey(), present, inOrder(table, settings, partition.getValue()));
                })
                .stream()
                .flatMap(Optional::stream)
                .toList();
        return commit.complete(written, epoch);
    }

    private static Map<String, List<InternalRow>> byPartition(CommitFiles files, List<InternalRow> rows) {
        SparkKeyGeneratorInterface keys = files.keys();
        Map<String, List<InternalRow>> byPartition = new HashMap<>();
        for (InternalRow row : rows) {
            byPartition
                    .computeIfAbsent(files.partition(keys, row), first -> new ArrayList<>())
                    .add(row);
        }
        return byPartition;
    }

    /** As {@link SpreadWrite} has them. */
    private static List<InternalRow> inOrder(HudiTable table, WriteSettings settings, List<InternalRow> rows) {
        if (table.layer() != Layer.GOLD) {
            return rows;
        }
        RecordKeys keys = new RecordKeys(settings);
        return rows.stream()
                .map(row -> Map.entry(keys.of(row).toString(), row))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    private Optional<HoodieWriteStat> write(
            CommitFiles files, String partition, Optional<String> present, List<InternalRow> rows) {
        // Spark's Parquet takes its settings from the thread's session.
        SparkSession.setActiveSession(lake.spark());
        try {
            return files.write(partition, present, rows.iterator());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
