package dev.tenantlake.etl.hudi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.avro.HoodieAvroUtils;
import org.apache.hudi.common.config.HoodieStorageConfig;
import org.apache.hudi.common.engine.LocalTaskContextSupplier;
import org.apache.hudi.common.model.HoodieKey;
import org.apache.hudi.common.model.HoodieRecord;
import org.apache.hudi.common.model.HoodieSparkRecord;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.io.storage.HoodieFileWriter;
import org.apache.hudi.io.storage.HoodieFileWriterFactory;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.StoragePath;
import org.apache.hudi.storage.hadoop.HoodieHadoopStorage;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.HoodieInternalRowUtils;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowIoFactoryTest {

    private static final int ROWS = 2000;

    @Test
    void makesNoDictionaryOfAColumnInWhichNoValueComesTwice(@TempDir Path directory) throws Exception {
        assertThat(RowIoFactory.isKnownToHudi()).isTrue();
        Configuration settings = new Configuration(false);
        settings.set(HoodieStorageConfig.HOODIE_IO_FACTORY_CLASS.key(), RowIoFactory.class.getName());
        StoragePath file = new StoragePath(directory.resolve("f_0_1.parquet").toString());
        HoodieStorage storage = new HoodieHadoopStorage(file, HadoopFSUtils.getStorageConf(settings));
        Schema schema = HoodieAvroUtils.addMetadataFields(SchemaBuilder.record("row")
                .fields()
                .requiredLong("id")
                .requiredString("status")
                .endRecord());
        HoodieWriteConfig config = HoodieWriteConfig.newBuilder()
                .withPath(directory.toString())
                .withProps(Map.of("hoodie.parquet.compression.codec", "zstd"))
                .build();

        try (HoodieFileWriter writer = HoodieFileWriterFactory.getFileWriter(
                "1",
                file,
                storage,
                config,
                schema,
                new LocalTaskContextSupplier(),
                HoodieRecord.HoodieRecordType.SPARK)) {
            StructType columns = HoodieInternalRowUtils.getCachedSchema(schema);
            for (long id = 0; id < ROWS; id++) {
                String key = "id:" + id;
                InternalRow row = new GenericInternalRow(new Object[] {
                    text("1"),
                    text("1_0_" + id),
                    text(key),
                    text(""),
                    text("f"),
                    id,
                    text(id % 2 == 0 ? "paid" : "open")
                });
                writer.write(key, new HoodieSparkRecord(new HoodieKey(key, ""), row, columns, false), schema);
            }
        }

        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), settings))) {
            assertThat(reader.getRecordCount()).isEqualTo(ROWS);
            Map<String, Boolean> dictionaries = reader.getFooter().getBlocks().get(0).getColumns().stream()
                    .collect(Collectors.toMap(
                            column -> column.getPath().toDotString(), ColumnChunkMetaData::hasDictionaryPage));
            assertThat(dictionaries)
                    .isEqualTo(Map.of(
                            "_hoodie_commit_time", true,
                            "_hoodie_commit_seqno", false,
                            "_hoodie_record_key", false,
                            "_hoodie_partition_path", true,
                            "_hoodie_file_name", true,
                            "id", false,
                            "status", true));
        }
    }

    private static UTF8String text(String value) {
        return UTF8String.fromString(value);
    }
}
