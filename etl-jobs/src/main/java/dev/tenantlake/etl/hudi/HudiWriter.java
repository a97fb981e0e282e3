package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.math.BigInt;

/**
 * Writes rows to Hudi tables, each call in one commit that carries its epoch. A write that died on the way leaves
 * nothing that a reader sees, and the next one to the table clears away what it left. One writer per table at a time.
 * What is small is written by this process alone ({@link SmallUpsert}), what is not by Spark's tasks.
 */
public final class HudiWriter {

    /** Up to so many bytes are written by this process alone: some ten thousand rows. */
    private static final BigInt SMALL = BigInt.apply(8 << 20);

    private final HudiLake lake;
    private final HudiTimeline timeline;
    private final SmallUpsert small;

    public HudiWriter(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.small = new SmallUpsert(lake);
    }

    /** How rows come into a table. */
    public enum Operation {
        /** Rows of keys that the table does not have: none is looked up. */
        BULK_INSERT("bulk_insert"),
        /** A row replaces the one with its key and partition, or is added; or takes it out, if it says so. */
        UPSERT("upsert"),
        /** The rows take the place of all that the table has, which none of them is compared with. */
        REPLACE("insert_overwrite_table");

        private final String hudiName;

        Operation(String hudiName) {
            this.hudiName = hudiName;
        }
    }

    /**
     * Writes rows in one commit, and makes the table if it is not there.
     *
     * @param rows at most one per key and partition, with the table's columns and {@link HudiTable#IS_DELETED}
     * @param epoch the last epoch that the table holds with them
     * @return the commit
     */
    public HudiCommit write(HudiTable table, Dataset<Row> rows, Operation operation, long epoch) {
        ReentrantLock lock = lake.lock(table);
        lock.lock();
        try {
            Optional<HoodieTableMetaClient> opened = lake.open(table);
            HudiCommit commit = operation == Operation.UPSERT && opened.isPresent() && isSmall(rows)
                    ? small.write(table, opened.get(), collected(rows), rows.schema(), epoch)
                    : writeWithSpark(table, rows, operation, epoch);
            return lake.announce(table, commit);
        } catch (RuntimeException | Error e) {
            // What became of the commit is to be seen on the timeline alone.
            lake.forget(table);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Known of rows that are kept in memory or were made there. */
    private static boolean isSmall(Dataset<Row> rows) {
        return rows.queryExecution().optimizedPlan().stats().sizeInBytes().$less$eq(SMALL);
    }

    private static List<InternalRow> collected(Dataset<Row> rows) {
        return Arrays.asList(rows.queryExecution().executedPlan().executeCollect());
    }

    private HudiCommit writeWithSpark(HudiTable table, Dataset<Row> rows, Operation operation, long epoch) {
        rows.write()
                .format("hudi")
                .options(HudiOptions.of(table))
                .option("hoodie.datasource.write.operation", operation.hudiName)
                .option(HudiCommit.EPOCH, Long.toString(epoch))
                .mode(SaveMode.Append)
                .save(lake.address(table));
        lake.forget(table);
        return timeline.latest(table)
                .filter(made -> made.epoch() == epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.IN_USE,
                        "the commit of epoch " + epoch + " to " + table.qualifiedName()
                                + " is not its last one: is another job writing to it?"));
    }
}
