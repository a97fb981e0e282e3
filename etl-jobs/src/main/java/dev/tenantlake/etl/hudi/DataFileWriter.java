package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenantlake.parquet.Column;
import dev.tenantlake.parquet.ColumnFileWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.model.HoodieRecord.HoodieMetadataField;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Writes a data file: Spark's rows, with Hudi's own columns before them. It is written column by column, and what is the
 * same in all rows of a file is said once. Not for use by several threads at once.
 */
final class DataFileWriter implements Closeable {

    private static final int COMMIT_TIME = HoodieMetadataField.COMMIT_TIME_METADATA_FIELD.ordinal();
    private static final int COMMIT_NUMBER = HoodieMetadataField.COMMIT_SEQNO_METADATA_FIELD.ordinal();
    private static final int RECORD_KEY = HoodieMetadataField.RECORD_KEY_METADATA_FIELD.ordinal();
    private static final int PARTITION_PATH = HoodieMetadataField.PARTITION_PATH_METADATA_FIELD.ordinal();
    private static final int FILE_NAME = HoodieMetadataField.FILENAME_METADATA_FIELD.ordinal();
    private static final int HUDI_COLUMNS = HoodieRecord.HOODIE_META_COLUMNS.size();

    private final DataFileFormat format;
    private final ColumnFileWriter file;
    private final RecordKeys keys;
    /** The table's own columns that are not the same in all rows. */
    private final List<Taken> taken = new ArrayList<>();

    private final boolean oneCommit;
    private final byte[] instant;

    /**
     * A column that takes its values from rows.
     *
     * @param ordinal the column's place in a row
     */
    private record Taken(int ordinal, Values values, Column to) {

        void add(InternalRow row) {
            values.add(row, ordinal, to);
        }

        /** Adds the values of a column of the file that this one takes the place of, as {@link #copy} says. */
        void copy(SpecializedGetters column, InternalRow[] instead) {
            for (int i = 0; i < instead.length; i++) {
                if (instead[i] == null) {
                    values.add(column, i, to);
                } else if (instead[i] != GONE) {
                    add(instead[i]);
                }
            }
        }
    }

    /** Stands for a row that is to go. */
    static final InternalRow GONE = InternalRow.empty();

    /**
     * Begins a file; if there is one already, it is written over.
     *
     * @param settings Hadoop's
     * @param write says of the rows what their keys are
     * @param partition the path of the partition, whose columns have the same values in all rows
     * @param of some row of it
     * @param oneCommit whether all rows are of this commit
     */
    DataFileWriter(
            Path path,
            Configuration settings,
            DataFileFormat format,
            WriteSettings write,
            String instant,
            String partition,
            InternalRow of,
            boolean oneCommit)
            throws IOException {
        this.format = format;
        this.keys = new RecordKeys(write);
        this.oneCommit = oneCommit;
        this.instant = instant.getBytes(UTF_8);
        this.file = new ColumnFileWriter(
                HadoopOutputFile.fromPath(path, settings),
                format.parquet(),
                ParquetFileWriter.Mode.OVERWRITE,
                write.compression());
        // Nothing reads what tells the rows of a commit from each other.
        file.repeat(COMMIT_NUMBER, null);
        file.unique(RECORD_KEY);
        file.repeat(PARTITION_PATH, partition);
        file.repeat(FILE_NAME, path.getName());
        if (oneCommit) {
            file.repeat(COMMIT_TIME, instant);
        }
        for (int i = 0; i < write.schema().length(); i++) {
            int column = HUDI_COLUMNS + i;
            String name = write.schema().fields()[i].name();
            if (write.partitionColumns().contains(name)) {
                file.repeat(column, value(of, i, write));
            } else {
                if (write.isKeyOfAPartition(name)) {
                    file.unique(column);
                }
                taken.add(new Taken(i, Values.of(write.schema().fields()[i].dataType()), file.column(column)));
            }
        }
    }

    private static Object value(InternalRow row, int ordinal, WriteSettings write) {
        Object value = row.get(ordinal, write.schema().fields()[ordinal].dataType());
        return value instanceof Number ? value : value.toString();
    }

    /** Adds a row that this commit writes, whether or not another stood in its place. */
    void add(InternalRow row) throws IOException {
        addTime();
        keys.add(row, file.column(RECORD_KEY));
        for (Taken column : taken) {
            column.add(row);
        }
        file.endRow();
    }

    /**
     * Adds rows of the file that this one takes the place of.
     *
     * @param rows with the columns of the format
     * @param instead for each row null, or what this commit writes in its place: a row, or {@link #GONE}
     */
    void copy(ColumnarBatch rows, InternalRow[] instead) throws IOException {
        Column commitTime = file.column(COMMIT_TIME);
        Column recordKey = file.column(RECORD_KEY);
        SpecializedGetters times = values(rows, COMMIT_TIME);
        SpecializedGetters recordKeys = values(rows, RECORD_KEY);
        int count = 0;
        for (int i = 0; i < instead.length; i++) {
            if (instead[i] == GONE) {
                continue;
            }
            if (instead[i] == null) {
                Values.add(times.getUTF8String(i), commitTime);
            } else {
                addTime();
            }
            Values.add(recordKeys.getUTF8String(i), recordKey);
            count++;
        }
        for (Taken column : taken) {
            column.copy(values(rows, HUDI_COLUMNS + column.ordinal()), instead);
        }
        file.endRows(count);
    }

    private static SpecializedGetters values(ColumnarBatch rows, int column) {
        ColumnVector values = rows.column(column);
        return new ColumnarArray(values, 0, rows.numRows());
    }

    private void addTime() {
        if (!oneCommit) {
            file.column(COMMIT_TIME).addBytes(instant, 0, instant.length);
        }
    }

    /** Completes the file. */
    void finish() throws IOException {
        file.finish(format.metadata());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
