package dev.tenantlake.etl.hudi;

import java.util.HashMap;
import java.util.Map;
import org.apache.hudi.common.model.HoodieFileFormat;
import org.apache.hudi.common.model.HoodieTableType;
import org.apache.hudi.common.model.HoodieTimelineTimeZone;
import org.apache.hudi.common.model.OverwriteWithLatestAvroPayload;
import org.apache.hudi.common.table.HoodieTableMetaClient;

/** Hudi's settings of the lake's tables: the same for whoever writes to one. */
final class HudiOptions {

    private static final String PARALLELISM = "2";
    /** The one that Trino's and Athena's readers know. */
    private static final int TABLE_VERSION = 6;

    /** Two files are written at a time, in a heap of 1.5 GB. */
    private static final long KEPT_BYTES = 128 << 20;

    private static final String PAYLOAD = OverwriteWithLatestAvroPayload.class.getName();

    private HudiOptions() {}

    /** What a table's properties say for good: the same as the settings. */
    static HoodieTableMetaClient.TableBuilder newTable(HudiTable table) {
        return HoodieTableMetaClient.newTableBuilder()
                .setTableType(HoodieTableType.COPY_ON_WRITE)
                .setTableVersion(TABLE_VERSION)
                .setDatabaseName(table.layer().database())
                .setTableName(table.name())
                .setRecordKeyFields(String.join(",", table.recordKey()))
                .setPartitionFields(String.join(",", table.partitionColumns()))
                .setKeyGeneratorClassProp(keyGenerator(table))
                .setHiveStylePartitioningEnable(true)
                .setUrlEncodePartitioning(false)
                .setPayloadClassName(PAYLOAD)
                .setBaseFileFormat(HoodieFileFormat.PARQUET.name())
                .setPartitionMetafileUseBaseFormat(false)
                .setShouldDropPartitionColumns(false)
                .setPopulateMetaFields(true)
                .setCDCEnabled(false)
                .setCommitTimezone(HoodieTimelineTimeZone.UTC);
    }

    private static String keyGenerator(HudiTable table) {
        return table.partitionColumns().isEmpty()
                ? "org.apache.hudi.keygen.NonpartitionedKeyGenerator"
                : "org.apache.hudi.keygen.ComplexKeyGenerator";
    }

    /** The settings, by Hudi's names for them. */
    static Map<String, String> of(HudiTable table) {
        Map<String, String> options = new HashMap<>();
        options.put("hoodie.table.name", table.name());
        options.put("hoodie.database.name", table.layer().database());
        options.put("hoodie.write.table.version", Integer.toString(TABLE_VERSION));
        options.put("hoodie.write.auto.upgrade", "false");
        // Else instants follow the machine's time zone, and go back an hour once a year.
        options.put("hoodie.table.timeline.timezone", "UTC");
        options.put("hoodie.datasource.write.recordkey.field", String.join(",", table.recordKey()));
        options.put("hoodie.datasource.write.partitionpath.field", String.join(",", table.partitionColumns()));
        options.put("hoodie.datasource.write.keygenerator.class", keyGenerator(table));
        options.put("hoodie.datasource.write.hive_style_partitioning", "true");

        // Rows are already the latest of their key: what is written last is right.
        options.put("hoodie.datasource.write.payload.class", PAYLOAD);

        // One file per partition, found by its name.
        options.put("hoodie.index.type", "BUCKET");
        options.put("hoodie.bucket.index.num.buckets", "1");
        options.put("hoodie.parquet.compression.codec", "zstd");
        options.put("hoodie.parquet.writelegacyformat.enabled", "true");

        // What is to become of a file's rows is kept in memory up to this, and beyond it on disk.
        options.put("hoodie.memory.merge.max.size", Long.toString(KEPT_BYTES));

        // Nothing beside the data, and nothing that listens.
        options.put("hoodie.metadata.enable", "false");
        options.put("hoodie.metadata.index.column.stats.enable", "false");
        options.put("hoodie.embed.timeline.server", "false");
        options.put("hoodie.write.markers.type", "DIRECT");
        // Commits make no markers: what a dead one left is found by the instant in the files' names.
        options.put("hoodie.rollback.using.markers", "false");
        options.put("hoodie.parquet.bloom.filter.enabled", "false");
        options.put("hoodie.clean.automatic", "false");
        options.put("hoodie.archive.automatic", "false");

        for (String stage : new String[] {
            "hoodie.rollback.parallelism", "hoodie.markers.delete.parallelism", "hoodie.file.listing.parallelism"
        }) {
            options.put(stage, PARALLELISM);
        }
        return options;
    }
}
