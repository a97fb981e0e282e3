package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.avro.HoodieAvroUtils;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.io.storage.row.HoodieRowParquetWriteSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.HoodieInternalRowUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.types.StructType;

/**
 * What the data files of a table look like: as Hudi's own writer for Spark's rows would have them, but without the columns'
 * types in Spark's terms. Whoever reads a table knows them; in a file of a few rows they would be a large part of it.
 *
 * @param columns Hudi's own, and after them the table's
 * @param parquet the same in Parquet's terms
 * @param metadata what a file's footer says besides
 */
record DataFileFormat(StructType columns, MessageType parquet, Map<String, String> metadata) {

    DataFileFormat {
        requireNonNull(columns, "columns");
        requireNonNull(parquet, "parquet");
        metadata = Map.copyOf(metadata);
    }

    /** @param settings Hadoop's */
    static DataFileFormat of(WriteSettings write, Configuration settings) {
        Schema schema = HoodieAvroUtils.addMetadataFields(
                new Schema.Parser().parse(write.hudi().getWriteSchema()));
        StructType columns = HoodieInternalRowUtils.getCachedSchema(schema);
        HoodieRowParquetWriteSupport support = HoodieRowParquetWriteSupport.getHoodieRowParquetWriteSupport(
                settings, columns, Option.empty(), write.hudi());
        WriteSupport.WriteContext context = support.init(support.getHadoopConf());
        Map<String, String> metadata = new HashMap<>(context.getExtraMetaData());
        Optional.ofNullable(support.finalizeWrite().getExtraMetaData()).ifPresent(metadata::putAll);
        metadata.remove(ParquetReadSupport.SPARK_METADATA_KEY());
        return new DataFileFormat(columns, context.getSchema(), metadata);
    }
}
