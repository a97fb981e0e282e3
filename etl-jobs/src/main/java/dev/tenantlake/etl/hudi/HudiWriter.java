package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hudi.common.model.WriteOperationType;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.math.BigInt;

/**
 * Writes rows to Hudi tables, each call in one commit that carries its epoch. A write that died on the way leaves
 * nothing that a reader sees, and the next one to the table clears away what it left. One writer per table at a time.
 * What is small is written by this process alone ({@link SmallUpsert}), what is not by Spark's tasks ({@link
 * SpreadWrite}). Commits go through Hudi's own timeline, and files have the names, columns and keys that Hudi gives them;
 * its Spark client and its writers of files take no part.
 */
public final class HudiWriter {

    /** Up to so many bytes are written by this process alone: some ten thousand rows. */
    private static final BigInt SMALL = BigInt.apply(8 << 20);

    private final HudiLake lake;
    private final SmallUpsert small;
    private final SpreadWrite spread;

    public HudiWriter(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.small = new SmallUpsert(lake);
        this.spread = new SpreadWrite(lake);
    }

    /** How rows come into a table. */
    public enum Operation {
        /** Rows of keys that the table does not have: none is looked up. */
        BULK_INSERT(WriteOperationType.BULK_INSERT),
        /** A row replaces the one with its key and partition, or is added; or takes it out, if it says so. */
        UPSERT(WriteOperationType.UPSERT),
        /** The rows take the place of all that the table has, which none of them is compared with. */
        REPLACE(WriteOperationType.INSERT_OVERWRITE_TABLE);

        private final WriteOperationType hudi;

        Operation(WriteOperationType hudi) {
            this.hudi = hudi;
        }

        /** What Hudi calls it. */
        WriteOperationType hudi() {
            return hudi;
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
            HoodieTableMetaClient opened = lake.open(table).orElseGet(() -> lake.create(table));
            HudiCommit commit = operation == Operation.UPSERT && isSmall(rows)
                    ? small.write(table, opened, collected(rows), rows.schema(), epoch)
                    : spread.write(table, opened, rows, operation, epoch);
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
}
