package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.spark.api.java.function.FlatMapFunction;
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
        Files files = new Files(
                new CommitFiles(settings, commit.instant(), lake.settingsOfAFile()),
                table.partitionColumns().stream()
                        .mapToInt(rows.schema()::fieldIndex)
                        .toArray(),
                operation == HudiWriter.Operation.UPSERT ? commit.index().newest() : Map.of());
        Dataset<Row> placed = byPartition(table, rows);
        // The session's settings, which say how a file is written, go to the tasks with the job.
        List<HoodieWriteStat> written = SQLExecution.withSQLConfPropagated(
                lake.spark(),
                () -> placed.queryExecution()
                        .toRdd()
                        .toJavaRDD()
                        .mapPartitions(files)
                        .collect());
        return commit.complete(written, epoch);
    }

    /**
     * Rows with those of a partition behind each other. They are sorted by a hash: one number, which Spark sorts by its
     * digits, and not by comparing rows.
     */
    private Dataset<Row> byPartition(HudiTable table, Dataset<Row> rows) {
        Column[] partition =
                table.partitionColumns().stream().map(name -> col(name)).toArray(Column[]::new);
        return partition.length == 0
                ? rows.repartition(1)
                : rows.repartition(TASKS_PER_CORE * lake.spark().sparkContext().defaultParallelism(), partition)
                        .sortWithinPartitions(xxhash64(partition));
    }

    /** What a task does: writes the files of the partitions whose rows it gets. */
    private static final class Files implements FlatMapFunction<Iterator<InternalRow>, HoodieWriteStat> {

        private final CommitFiles files;
        private final int[] partitionColumns;
        private final Map<String, String> present;

        Files(CommitFiles files, int[] partitionColumns, Map<String, String> present) {
            this.files = files;
            this.partitionColumns = partitionColumns;
            this.present = present;
        }

        @Override
        public Iterator<HoodieWriteStat> call(Iterator<InternalRow> rows) throws IOException {
            SparkKeyGeneratorInterface keys = files.keys();
            PartitionRuns runs = new PartitionRuns(rows, files.schema(), partitionColumns);
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
