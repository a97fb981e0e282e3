package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.parquet.ZstdCodecFactory;
import java.io.Serializable;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.hudi.AvroConversionUtils;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.hudi.keygen.factory.HoodieSparkKeyGeneratorFactory;
import org.apache.spark.sql.types.StructType;

/**
 * How Spark's rows are written to a table.
 *
 * @param recordKey the names of the columns that identify a row
 * @param partitionColumns the names of those that say where it lies, outermost first
 * @param schema the rows' columns
 * @param compression Zstandard's level
 * @param hudi the same for Hudi, and all else that it is told
 */
record WriteSettings(
        List<String> recordKey,
        List<String> partitionColumns,
        StructType schema,
        int compression,
        HoodieWriteConfig hudi)
        implements Serializable {

    /** Takes a few milliseconds for the few files of a table that each dashboard reads whole, and saves them a seventh. */
    private static final int SMALL = 12;

    WriteSettings {
        recordKey = List.copyOf(recordKey);
        partitionColumns = List.copyOf(partitionColumns);
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
                table.recordKey(),
                table.partitionColumns(),
                schema,
                hasFewFiles(table) ? SMALL : ZstdCodecFactory.QUICKEST,
                HoodieWriteConfig.newBuilder()
                        .withPath(address)
                        .forTable(table.name())
                        .withSchema(avro.toString())
                        .withProps(HudiOptions.of(table))
                        .build());
    }

    private static boolean hasFewFiles(HudiTable table) {
        return table.layer() == Layer.GOLD
                && !table.partitionColumns().contains(SourceTable.TENANT_PARTITION)
                && !table.partitionColumns().contains(SourceTable.MONTH_PARTITION);
    }

    /** Whether no two rows of a partition have the same value in a column. */
    boolean isKeyOfAPartition(String column) {
        List<String> others = recordKey.stream()
                .filter(name -> !partitionColumns.contains(name))
                .toList();
        return others.equals(List.of(column));
    }

    /** What says of a row which key and which partition it has; for one thread. */
    SparkKeyGeneratorInterface keys() {
        return (SparkKeyGeneratorInterface) HoodieSparkKeyGeneratorFactory.createKeyGenerator(hudi.getProps());
    }
}
