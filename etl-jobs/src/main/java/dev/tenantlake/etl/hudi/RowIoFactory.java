package dev.tenantlake.etl.hudi;

import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.common.config.HoodieConfig;
import org.apache.hudi.common.config.HoodieStorageConfig;
import org.apache.hudi.common.engine.LocalTaskContextSupplier;
import org.apache.hudi.common.engine.TaskContextSupplier;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.io.hadoop.HoodieBaseParquetWriter;
import org.apache.hudi.io.hadoop.HoodieHadoopIOFactory;
import org.apache.hudi.io.storage.HoodieFileWriter;
import org.apache.hudi.io.storage.HoodieFileWriterFactory;
import org.apache.hudi.io.storage.HoodieIOFactory;
import org.apache.hudi.io.storage.HoodieSparkFileWriterFactory;
import org.apache.hudi.io.storage.HoodieSparkParquetWriter;
import org.apache.hudi.io.storage.row.HoodieRowParquetConfig;
import org.apache.hudi.io.storage.row.HoodieRowParquetWriteSupport;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.StoragePath;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.spark.sql.HoodieInternalRowUtils;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Has Spark's rows written to Parquet files as Hudi does it ({@code hoodie.io.factory.class}), but without dictionaries of
 * the columns in which no value of a file comes twice. Parquet would put each value into one, find at the end of the page
 * that it was no use, and write the page anew. Nor is all of Hadoop's settings searched, for each file, for Bloom filters
 * that no column has.
 */
public final class RowIoFactory extends HoodieHadoopIOFactory {

    /** A row's key, its number in the commit, and the column that is the key of most tables. */
    private static final List<String> OF_VALUES_THAT_COME_ONCE = List.of(
            HoodieRecord.HoodieMetadataField.RECORD_KEY_METADATA_FIELD.getFieldName(),
            HoodieRecord.HoodieMetadataField.COMMIT_SEQNO_METADATA_FIELD.getFieldName(),
            "id");

    /**
     * Whether Hudi finds this class by its name. It does where both are on one class path, and not where spark-submit loads
     * the job's jar for the job alone; files are then written as Hudi writes them, which takes longer.
     */
    static boolean isKnownToHudi() {
        try {
            return Class.forName(RowIoFactory.class.getName(), false, HoodieIOFactory.class.getClassLoader())
                    == RowIoFactory.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Called by Hudi, by the class' name. */
    public RowIoFactory(HoodieStorage storage) {
        super(storage);
    }

    @Override
    public HoodieFileWriterFactory getWriterFactory(HoodieRecord.HoodieRecordType type) {
        return type == HoodieRecord.HoodieRecordType.SPARK ? new WriterFactory(storage) : super.getWriterFactory(type);
    }

    private static final class WriterFactory extends HoodieSparkFileWriterFactory {

        WriterFactory(HoodieStorage storage) {
            super(storage);
        }

        @Override
        protected HoodieFileWriter newParquetFileWriter(
                String instant, StoragePath path, HoodieConfig config, Schema schema, TaskContextSupplier task)
                throws IOException {
            return writer(path, storage.getConf().unwrapAs(Configuration.class), instant, config, schema, task);
        }
    }

    /**
     * Opens a file for rows, wherever the process runs.
     *
     * @param settings Hadoop's, for this file alone: what is to be written is put there
     * @param schema with Hudi's own columns
     */
    static HoodieBaseParquetWriter<InternalRow> open(
            StoragePath path, Configuration settings, String instant, HoodieConfig config, Schema schema)
            throws IOException {
        return writer(path, settings, instant, config, schema, new LocalTaskContextSupplier());
    }

    private static Writer writer(
            StoragePath path,
            Configuration settings,
            String instant,
            HoodieConfig config,
            Schema schema,
            TaskContextSupplier task)
            throws IOException {
        HoodieRowParquetWriteSupport rows = HoodieRowParquetWriteSupport.getHoodieRowParquetWriteSupport(
                settings, HoodieInternalRowUtils.getCachedSchema(schema), Option.empty(), config);
        HoodieRowParquetConfig parquet = new HoodieRowParquetConfig(
                rows,
                CompressionCodecName.fromConf(
                        config.getStringOrDefault(HoodieStorageConfig.PARQUET_COMPRESSION_CODEC_NAME)),
                config.getIntOrDefault(HoodieStorageConfig.PARQUET_BLOCK_SIZE),
                config.getIntOrDefault(HoodieStorageConfig.PARQUET_PAGE_SIZE),
                config.getLongOrDefault(HoodieStorageConfig.PARQUET_MAX_FILE_SIZE),
                rows.getHadoopConf(),
                config.getDoubleOrDefault(HoodieStorageConfig.PARQUET_COMPRESSION_RATIO_FRACTION),
                config.getBooleanOrDefault(HoodieStorageConfig.PARQUET_DICTIONARY_ENABLED));
        return new Writer(path, parquet, instant, task);
    }

    private static final class Writer extends HoodieSparkParquetWriter {

        Writer(StoragePath path, HoodieRowParquetConfig config, String instant, TaskContextSupplier task)
                throws IOException {
            super(path, config, instant, task, true);
        }

        /** Called while the writer is built, with all that Hudi has set. */
        @Override
        @SuppressWarnings("rawtypes") // As Hudi declares it.
        protected void handleParquetBloomFilters(ParquetWriter.Builder builder, Configuration settings) {
            // A file is there only if a task has died after it, and to ask for it costs a request.
            builder.withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
            OF_VALUES_THAT_COME_ONCE.forEach(column -> builder.withDictionaryEncoding(column, false));
        }
    }
}
