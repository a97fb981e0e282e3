package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.hudi.AvroConversionUtils;
import org.apache.hudi.OverwriteWithLatestSparkRecordMerger;
import org.apache.hudi.common.model.HoodieRecordMerger;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.hudi.keygen.factory.HoodieSparkKeyGeneratorFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Hudi's settings for writing Spark's rows to a table.
 *
 * @param schema the rows' columns
 * @param hudi the same for Hudi, and all else that it is told
 */
record WriteSettings(StructType schema, HoodieWriteConfig hudi) implements Serializable {

    /** Files are read and written as Spark's rows: as Avro records, each row of a file would be rewritten field by field. */
    private static final Map<String, String> SPARK_ROWS = Map.of(
            HoodieWriteConfig.RECORD_MERGE_IMPL_CLASSES.key(),
            OverwriteWithLatestSparkRecordMerger.class.getName(),
            HoodieWriteConfig.RECORD_MERGE_STRATEGY_ID.key(),
            HoodieRecordMerger.COMMIT_TIME_BASED_MERGE_STRATEGY_UUID);

    WriteSettings {
        requireNonNull(schema, "schema");
        requireNonNull(hudi, "hudi");
    }

    /**
     * The settings for a table.
     *
     * @param address of its folder
     * @param schema with {@link HudiTable#IS_DELETED}
     */
    static WriteSettings of(HudiTable table, String address, StructType schema) {
        String record =
                AvroConversionUtils.getAvroRecordNameAndNamespace(table.name())._1();
        String namespace =
                AvroConversionUtils.getAvroRecordNameAndNamespace(table.name())._2();
        Schema avro = AvroConversionUtils.convertStructTypeToAvroSchema(schema, record, namespace);
        return new WriteSettings(
                schema,
                HoodieWriteConfig.newBuilder()
                        .withPath(address)
                        .forTable(table.name())
                        .withSchema(avro.toString())
                        .withProps(HudiOptions.of(table))
                        .withProps(SPARK_ROWS)
                        .build());
    }

    /** What says of a row which key and which partition it has; for one thread. */
    SparkKeyGeneratorInterface keys() {
        return (SparkKeyGeneratorInterface) HoodieSparkKeyGeneratorFactory.createKeyGenerator(hudi.getProps());
    }
}
