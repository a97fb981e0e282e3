package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.SQLExecution;

/**
 * Writes any number of rows in one commit, by Spark's tasks: each gets all rows of some partitions and writes those
 * partitions' files, one after the other. Hudi's own bulk insert and upsert would come to the same rows, and take several
 * times as long: the one opens and closes a file with all of Hadoop's settings and makes dictionaries and Bloom filters of
 * keys, the other makes an Avro record of each row.
 */
final class SpreadWrite {

    /** A few, so that what a task has to sort fits into its part of the memory. */
    private static final int TASKS_PER_CORE = 4;

    private final HudiLake lake;

    SpreadWrite(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * Writes rows in one commit.
     *
     * @param opened the table, with its timeline as it is now
     * @param rows at most one per key and partition, with the table's columns and {@link HudiTable#IS_DELETED}
     * @param epoch the last epoch that the table holds with them
     */
    HudiCommit write(
            HudiTable table,
            HoodieTableMetaClient opened,
            Dataset<Row> rows,
            HudiWriter.Operation operation,
            long epoch) {
        WriteSettings settings = WriteSettings.of(table, lake.address(table), rows.schema());
        BegunCommit commit = BegunCommit.of(lake, table, opened, settings.hudi(), operation);
        // All that a file is written with is much: a process unpacks it once, and not with each of its tasks.
        Broadcast<CommitFiles> shared = JavaSparkContext.fromSparkContext(
                        lake.spark().sparkContext())
                .broadcast(new CommitFiles(settings, commit.instant(), lake.settingsOfAFile()));
        Files files = new Files(
                shared,
                isInOrder(table),
                table.partitionColumns().stream()
                        .mapToInt(rows.schema()::fieldIndex)
                        .toArray(),
                operation == HudiWriter.Operation.UPSERT ? commit.index().newest() : Map.of());
        Dataset<Row> placed = byPartition(table, rows);
        // The session's settings, which say how a file is written, go to the tasks with the job.
        try {
            List<HoodieWriteStat> written = SQLExecution.withSQLConfPropagated(
                    lake.spark(),
                    () -> placed.queryExecution()
                            .toRdd()
                            .toJavaRDD()
                            .mapPartitions(files)
                            .collect());
            return commit.complete(written, epoch);
        } finally {
            shared.destroy();
        }
    }

    /**
     * Rows with those of a partition in one task. Of gold, whose files are read more often than they are long, they come in the
     * order of their keys: files are smaller with it.
     */
    private Dataset<Row> byPartition(HudiTable table, Dataset<Row> rows) {
        Column[] partition =
                table.partitionColumns().stream().map(name -> col(name)).toArray(Column[]::new);
        Dataset<Row> placed = partition.length == 0
                ? rows.repartition(1)
                : rows.repartition(TASKS_PER_CORE * lake.spark().sparkContext().defaultParallelism(), partition);
        return isInOrder(table)
                ? placed.sortWithinPartitions(
                        Stream.concat(table.partitionColumns().stream(), table.recordKey().stream())
                                .map(name -> col(name))
                                .toArray(Column[]::new))
                : placed;
    }

    private static boolean isInOrder(HudiTable table) {
        return table.layer() == Layer.GOLD;
    }

    /** What a task does: writes the files of the partitions whose rows it gets. */
    private static final class Files implements FlatMapFunction<Iterator<InternalRow>, HoodieWriteStat> {

        private final Broadcast<CommitFiles> shared;
        private final boolean inOrder;
        private final int[] partitionColumns;
        private final Map<String, String> present;

        /** @param inOrder whether the rows of a partition come behind each other */
        Files(Broadcast<CommitFiles> shared, boolean inOrder, int[] partitionColumns, Map<String, String> present) {
            this.shared = shared;
            this.inOrder = inOrder;
            this.partitionColumns = partitionColumns;
            this.present = present;
        }

        @Override
        public Iterator<HoodieWriteStat> call(Iterator<InternalRow> rows) throws IOException {
            CommitFiles files = shared.value();
            SparkKeyGeneratorInterface keys = files.keys();
            PartitionRuns runs = new PartitionRuns(
                    inOrder || partitionColumns.length == 0
                            ? rows
                            : new PartitionOrder(files.schema(), partitionColumns).of(rows),
                    files.schema(),
                    partitionColumns);
            List<HoodieWriteStat> written = new ArrayList<>();
            Set<String> done = new HashSet<>();
            while (runs.hasNext()) {
                String partition = files.partition(keys, runs.first());
                if (!done.add(partition)) {
                    throw new IllegalStateException("the rows of partition " + partition
                            + " do not follow each other: another partition has the same hash");
                }
                files.write(partition, Optional.ofNullable(present.get(partition)), runs.run())
                        .ifPresent(written::add);
            }
            return written.iterator();
        }
    }
}
