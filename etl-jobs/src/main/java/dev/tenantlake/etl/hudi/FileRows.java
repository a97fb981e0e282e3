package dev.tenantlake.etl.hudi;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedParquetRecordReader;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * The rows of a data file, decoded by whole columns as in Spark's own scans. Hudi reads row by row,
 * and Spark's converter for that works out the defaults of all columns anew for each row.
 */
final class FileRows implements AutoCloseable {

    /** How many rows are decoded at a time. */
    private static final int BATCH = 1024;

    /** Days and instants mean what they say, as the session has it. */
    private static final String REBASE_MODE = "CORRECTED";

    private static final String NO_ZONE = "";

    private final VectorizedParquetRecordReader reader;

    private FileRows(VectorizedParquetRecordReader reader) {
        this.reader = reader;
    }

    /**
     * Opens a file.
     *
     * @param length how many bytes it has
     * @param columns those that are read; one that the file does not have is null
     * @param settings Hadoop's, for this file alone: what is to be read is put there
     */
    static FileRows open(Path file, long length, StructType columns, Configuration settings) throws IOException {
        settings.set(ParquetInputFormat.READ_SUPPORT_CLASS, ParquetReadSupport.class.getName());
        settings.set(ParquetReadSupport.SPARK_ROW_REQUESTED_SCHEMA(), columns.json());
        settings.setBoolean(SQLConf.CASE_SENSITIVE().key(), true);
        settings.setBoolean(SQLConf.NESTED_SCHEMA_PRUNING_ENABLED().key(), false);
        settings.setBoolean(SQLConf.PARQUET_BINARY_AS_STRING().key(), false);
        settings.setBoolean(SQLConf.PARQUET_INT96_AS_TIMESTAMP().key(), true);
        settings.setBoolean(SQLConf.PARQUET_INFER_TIMESTAMP_NTZ_ENABLED().key(), false);
        settings.setBoolean(SQLConf.LEGACY_PARQUET_NANOS_AS_LONG().key(), false);
        VectorizedParquetRecordReader reader =
                new VectorizedParquetRecordReader(null, REBASE_MODE, NO_ZONE, REBASE_MODE, NO_ZONE, false, BATCH);
        try {
            reader.initialize(
                    new FileSplit(file, 0, length, new String[0]),
                    new TaskAttemptContextImpl(
                            settings, new TaskAttemptID(new TaskID(new JobID(), TaskType.MAP, 0), 0)));
            return new FileRows(reader);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, reader);
            throw e;
        } catch (InterruptedException e) {
            closeAfter(e, reader);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + file + " was opened", e);
        }
    }

    /** Goes to the next rows, if there are some: for who takes them by columns, and not one by one. */
    boolean nextBatch() throws IOException {
        reader.resultBatch();
        return reader.nextBatch();
    }

    /** The present rows, which are valid until the next ones. */
    ColumnarBatch batch() {
        return reader.resultBatch();
    }

    /** Goes to the next row, if there is one. */
    boolean next() throws IOException {
        return reader.nextKeyValue();
    }

    /** The present row, which is valid until the next one. */
    InternalRow row() {
        return (InternalRow) reader.getCurrentValue();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private static void closeAfter(Exception failure, VectorizedParquetRecordReader reader) {
        try {
            reader.close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
