package dev.tenantlake.etl.hudi;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.execution.UnsafeExternalRowSorter;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.collection.unsafe.sort.PrefixComparators;
import org.apache.spark.util.collection.unsafe.sort.RecordComparator;
import scala.collection.JavaConverters;

/**
 * Brings the rows of each partition behind each other: they are sorted by a hash of the partition's columns, by Spark's own
 * sorter, which sorts numbers by their digits and goes to disk with what does not fit into memory. As a step of a query the
 * same sort would be code that is generated and compiled for each table anew.
 */
final class PartitionOrder {

    private static final long SEED = 42;

    private final StructType schema;
    private final int[] columns;
    private final boolean[] isText;

    /** @param columns the places in the schema of the partition's columns, of text or of {@code bigint} */
    PartitionOrder(StructType schema, int[] columns) {
        this.schema = schema;
        this.columns = columns.clone();
        this.isText = new boolean[columns.length];
        for (int i = 0; i < columns.length; i++) {
            isText[i] = schema.fields()[columns[i]].dataType().equals(DataTypes.StringType);
        }
    }

    /**
     * The rows in that order, each to be used before the next is asked for. For a task of Spark's.
     *
     * @param rows all of {@link UnsafeRow}
     */
    Iterator<InternalRow> of(Iterator<InternalRow> rows) throws IOException {
        UnsafeExternalRowSorter sorter = UnsafeExternalRowSorter.createWithRecordComparator(
                schema,
                AnyOrder::new,
                PrefixComparators.LONG,
                new Hash(),
                SparkEnv.get().memoryManager().pageSizeBytes(),
                true);
        while (rows.hasNext()) {
            sorter.insertRow((UnsafeRow) rows.next());
        }
        return JavaConverters.asJavaIterator(sorter.sort());
    }

    private long hash(InternalRow row) {
        long hash = SEED;
        for (int i = 0; i < columns.length; i++) {
            if (isText[i]) {
                UTF8String text = row.getUTF8String(columns[i]);
                hash = XXH64.hashUnsafeBytes(text.getBaseObject(), text.getBaseOffset(), text.numBytes(), hash);
            } else {
                hash = XXH64.hashLong(row.getLong(columns[i]), hash);
            }
        }
        return hash;
    }

    private final class Hash extends UnsafeExternalRowSorter.PrefixComputer {

        private final Prefix prefix = new Prefix();

        @Override
        public Prefix computePrefix(InternalRow row) {
            prefix.value = hash(row);
            return prefix;
        }
    }

    /** Of rows with the same hash. */
    private static final class AnyOrder extends RecordComparator {
        @Override
        public int compare(
                Object left, long leftOffset, int leftLength, Object right, long rightOffset, int rightLength) {
            return 0;
        }
    }
}
