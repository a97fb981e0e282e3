package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Divides rows into runs that have the same values in some columns. The rows may be one object that is filled again and
 * again, as Spark's are: none is held while the next is asked for.
 */
final class PartitionRuns {

    private final Iterator<InternalRow> rows;
    private final int[] columns;
    /** Whether a column is of text, and not of whole numbers. */
    private final boolean[] isText;

    /** The row that was looked at and not yet given away, or null. */
    private InternalRow next;
    /** Whether it is known to be of the run. */
    private boolean isNextOfRun;

    /** Those of the run, by column: text or a number. */
    private final UTF8String[] texts;

    private final long[] numbers;

    /**
     * Divides rows.
     *
     * @param columns the places in the schema of some that no row lacks, of text or of {@code bigint}; without any, all rows
     *     are one run
     */
    PartitionRuns(Iterator<InternalRow> rows, StructType schema, int[] columns) {
        this.rows = requireNonNull(rows, "rows");
        this.columns = columns.clone();
        this.texts = new UTF8String[columns.length];
        this.numbers = new long[columns.length];
        this.isText = new boolean[columns.length];
        for (int i = 0; i < columns.length; i++) {
            DataType type = schema.fields()[columns[i]].dataType();
            isText[i] = type.equals(DataTypes.StringType);
            if (!isText[i] && !type.equals(DataTypes.LongType)) {
                throw new IllegalArgumentException("no table is partitioned by " + type.catalogString());
            }
        }
    }

    /** Whether there is another run; the last one has been read to its end. */
    boolean hasNext() {
        return look();
    }

    /** The first row of the run that comes next. */
    InternalRow first() {
        if (!look()) {
            throw new NoSuchElementException();
        }
        return next;
    }

    /** The run that comes next. */
    Iterator<InternalRow> run() {
        begin(first());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                if (!isNextOfRun) {
                    isNextOfRun = look() && isOfRun(next);
                }
                return isNextOfRun;
            }

            @Override
            public InternalRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                InternalRow row = next;
                next = null;
                isNextOfRun = false;
                return row;
            }
        };
    }

    private boolean look() {
        if (next == null && rows.hasNext()) {
            next = rows.next();
        }
        return next != null;
    }

    private void begin(InternalRow row) {
        for (int i = 0; i < columns.length; i++) {
            if (isText[i]) {
                texts[i] = row.getUTF8String(columns[i]).copy();
            } else {
                numbers[i] = row.getLong(columns[i]);
            }
        }
    }

    private boolean isOfRun(InternalRow row) {
        for (int i = 0; i < columns.length; i++) {
            boolean same = isText[i]
                    ? isEqual(texts[i], row.getUTF8String(columns[i]))
                    : numbers[i] == row.getLong(columns[i]);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** A month is short, and compared as one number; byte by byte it takes several times as long. */
    private static boolean isEqual(UTF8String left, UTF8String right) {
        return left.numBytes() == right.numBytes()
                && left.getPrefix() == right.getPrefix()
                && (left.numBytes() <= Long.BYTES || left.equals(right));
    }
}
