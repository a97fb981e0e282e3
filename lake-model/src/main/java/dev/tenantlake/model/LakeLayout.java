package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * Where each thing lies in the lake's bucket. Keys whose last part begins with an underscore are passed over by every
 * query engine, so control objects may lie beside data.
 *
 * @param bucket the bucket's name
 */
public record LakeLayout(String bucket) {

    public LakeLayout {
        requireNonNull(bucket, "bucket");
    }

    /** The key of the record of which tenants the grants stand for. */
    public static final String GRANTS_POSITION_KEY = "grants/_position.json";

    /** The key of what the last look at all rows of silver has found. */
    public static final String AUDIT_KEY = "silver/_audit.json";

    /** The prefix of the epoch manifests. */
    public static final String EPOCHS_PREFIX = "bronze/_epochs/";

    /** The key of an epoch's manifest. */
    public static String manifestKey(long epoch) {
        return EPOCHS_PREFIX + twentyDigits(epoch) + ".json";
    }

    /** The key of the note of a snapshot that is being read, which tells whose slot it is until its manifest is there. */
    public static final String SNAPSHOT_MARKER_KEY = "bronze/_snapshot.json";

    /** The key of the note of which published tables, each by its identity in the source, the lake was loaded from. */
    public static final String PUBLISHED_TABLES_KEY = "bronze/_published.json";

    /** The prefix of the requests to load a table anew. */
    public static final String RELOAD_PREFIX = "bronze/_reload/";

    /** The key of the request to load a bronze table anew; it is there until that is done. */
    public static String reloadKey(String table) {
        return RELOAD_PREFIX + table + ".json";
    }

    /** The prefix of a bronze table's files. */
    public static String bronzePrefix(String table) {
        return "bronze/" + table + "/";
    }

    /**
     * The prefix of the files of a bronze table that have an epoch's partition.
     *
     * @param ingestDate the day on which the epoch was cut, in UTC
     */
    public static String bronzePartitionPrefix(String table, LocalDate ingestDate, long epoch) {
        return bronzePrefix(table) + bronzePartition(ingestDate, epoch);
    }

    /** As {@link #bronzePartitionPrefix}, of the few files that have the rows of a settled partition's many. */
    public static String settledPartitionPrefix(String table, LocalDate ingestDate, long epoch) {
        return bronzePrefix(table) + "settled/" + bronzePartition(ingestDate, epoch);
    }

    private static String bronzePartition(LocalDate ingestDate, long epoch) {
        return BronzeColumns.INGEST_DATE + "=" + ingestDate + "/" + BronzeColumns.EPOCH_BLOCK + "="
                + BronzeColumns.epochBlock(epoch) + "/";
    }

    /** The key of a bronze file: {@code <epoch, 20 digits>-<part, 5 digits>.parquet} below its partition. */
    public static String bronzeFileKey(String table, LocalDate ingestDate, long epoch, int part) {
        return bronzePartitionPrefix(table, ingestDate, epoch) + twentyDigits(epoch) + "-" + String.format("%05d", part)
                + ".parquet";
    }

    /** The key of a layer's position. */
    public static String positionKey(Layer layer) {
        return layer.database() + "/_position.json";
    }

    /** The prefix of a Hudi table. */
    public static String tablePrefix(Layer layer, String table) {
        return layer.database() + "/" + table + "/";
    }

    /** The prefix of the results that a workgroup's queries leave. */
    public static String resultsPrefix(String workgroup) {
        return "athena-results/" + workgroup + "/";
    }

    /** An address that AWS' services, Glue and Athena take: {@code s3://bucket/key}. */
    public String uri(String key) {
        return "s3://" + bucket + "/" + key;
    }

    private static String twentyDigits(long epoch) {
        return String.format("%020d", epoch);
    }
}
