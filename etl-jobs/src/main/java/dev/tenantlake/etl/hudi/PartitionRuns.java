package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Divides rows into runs that have the same values in some columns. The rows may be one object that is filled again and
 * again, as Spark's are: none is held while the next is asked for.
 */
final class PartitionRuns {

    private final Iterator<InternalRow> rows;
    private final int[] columns;
    private final DataType[] types;

    /** The row that was looked at and not yet given away, or null. */
    private InternalRow next;

    private Object[] values;

    /**
     * Divides rows.
     *
     * @param columns the places in the schema of some that no row lacks; without any, all rows are one run
     */
    PartitionRuns(Iterator<InternalRow> rows, StructType schema, int[] columns) {
        this.rows = requireNonNull(rows, "rows");
        this.columns = columns.clone();
        this.types = IntStream.of(columns)
                .mapToObj(column -> schema.fields()[column].dataType())
                .toArray(DataType[]::new);
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
        values = values(first());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return look() && isOfRun(next);
            }

            @Override
            public InternalRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                InternalRow row = next;
                next = null;
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

    private Object[] values(InternalRow row) {
        Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Object value = row.get(columns[i], types[i]);
            values[i] = value instanceof UTF8String text ? text.copy() : value;
        }
        return values;
    }

    private boolean isOfRun(InternalRow row) {
        for (int i = 0; i < columns.length; i++) {
            if (!values[i].equals(row.get(columns[i], types[i]))) {
                return false;
            }
        }
        return true;
    }
}
