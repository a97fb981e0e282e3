package dev.tenantlake.etl.hudi;

import java.util.HashMap;
import java.util.Map;

/** Hudi's settings of the lake's tables: the same for whoever writes to one. */
final class HudiOptions {

    private static final String PARALLELISM = "2";

    private HudiOptions() {}

    /** The settings, by Hudi's names for them. */
    static Map<String, String> of(HudiTable table) {
        Map<String, String> options = new HashMap<>();
        options.put("hoodie.table.name", table.name());
        options.put("hoodie.database.name", table.layer().database());
        options.put("hoodie.write.table.version", "6");
        options.put("hoodie.write.auto.upgrade", "false");
        // Else instants follow the machine's time zone, and go back an hour once a year.
        options.put("hoodie.table.timeline.timezone", "UTC");
        options.put("hoodie.datasource.write.recordkey.field", String.join(",", table.recordKey()));
        options.put("hoodie.datasource.write.partitionpath.field", String.join(",", table.partitionColumns()));
        options.put(
                "hoodie.datasource.write.keygenerator.class",
                table.partitionColumns().isEmpty()
                        ? "org.apache.hudi.keygen.NonpartitionedKeyGenerator"
                        : "org.apache.hudi.keygen.ComplexKeyGenerator");
        options.put("hoodie.datasource.write.hive_style_partitioning", "true");
        options.put("hoodie.datasource.write.commitmeta.key.prefix", "tenantlake.");

        // Rows are already the latest of their key: what is written last is right.
        options.put(
                "hoodie.datasource.write.payload.class", "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload");
        options.put("hoodie.combine.before.upsert", "false");
        options.put("hoodie.combine.before.insert", "false");

        // One file per partition, found by its name.
        options.put("hoodie.index.type", "BUCKET");
        options.put("hoodie.bucket.index.num.buckets", "1");
        options.put("hoodie.parquet.small.file.limit", "0");
        options.put("hoodie.bulkinsert.sort.mode", "PARTITION_PATH_REPARTITION");
        options.put("hoodie.parquet.compression.codec", "zstd");
        options.put("hoodie.parquet.writelegacyformat.enabled", "true");

        // Nothing beside the data, and nothing that listens. A first load fills a bloom filter whatever is said here:
        // one
        // that may be wrong nearly always costs a single hash of each key in the place of thirty.
        options.put("hoodie.metadata.enable", "false");
        options.put("hoodie.metadata.index.column.stats.enable", "false");
        options.put("hoodie.embed.timeline.server", "false");
        options.put("hoodie.write.markers.type", "DIRECT");
        // Small commits make no markers: what a dead one left is found by the instant in the files' names.
        options.put("hoodie.rollback.using.markers", "false");
        options.put("hoodie.parquet.bloom.filter.enabled", "false");
        options.put("hoodie.bloom.index.filter.type", "SIMPLE");
        options.put("hoodie.index.bloom.num_entries", "1");
        options.put("hoodie.index.bloom.fpp", "0.9");
        options.put("hoodie.datasource.hive_sync.enable", "false");
        options.put("hoodie.datasource.meta.sync.enable", "false");
        options.put("hoodie.clean.automatic", "false");
        options.put("hoodie.archive.automatic", "false");

        for (String stage : new String[] {
            "hoodie.insert.shuffle.parallelism",
            "hoodie.bulkinsert.shuffle.parallelism",
            "hoodie.upsert.shuffle.parallelism",
            "hoodie.delete.shuffle.parallelism",
            "hoodie.finalize.write.parallelism",
            "hoodie.rollback.parallelism",
            "hoodie.markers.delete.parallelism",
            "hoodie.file.listing.parallelism"
        }) {
            options.put(stage, PARALLELISM);
        }
        return options;
    }
}
