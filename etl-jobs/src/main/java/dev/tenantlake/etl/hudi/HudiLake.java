package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.HoodieStorageUtils;
import org.apache.hudi.storage.StorageConfiguration;
import org.apache.hudi.storage.StoragePath;
import org.apache.spark.sql.SparkSession;

/** Where the Hudi tables lie, as Spark and Hudi see it. */
public final class HudiLake {

    private final SparkSession spark;
    private final String root;

    /**
     * A lake.
     *
     * @param root the address of the lake's bucket for Hadoop's file systems, with a slash at its end: {@code
     *     s3a://bucket/}
     */
    public HudiLake(SparkSession spark, String root) {
        this.spark = requireNonNull(spark, "spark");
        this.root = requireNonNull(root, "root");
    }

    public SparkSession spark() {
        return spark;
    }

    /** The address of an object of the lake's bucket. */
    public String address(String key) {
        return root + key;
    }

    /** The address of a table's folder. */
    public String address(HudiTable table) {
        return address(table.key());
    }

    /** What Hudi knows of a table now, or empty if the table was never written. */
    Optional<HoodieTableMetaClient> open(HudiTable table) {
        StorageConfiguration<?> configuration = configuration();
        StoragePath path = new StoragePath(address(table));
        HoodieStorage storage = HoodieStorageUtils.getStorage(path, configuration);
        try {
            // The properties are the first object that a table gets.
            if (!storage.exists(new StoragePath(path, ".hoodie/hoodie.properties"))) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(HoodieTableMetaClient.builder()
                .setConf(configuration)
                .setBasePath(address(table))
                .setLoadActiveTimelineOnLoad(true)
                .build());
    }

    StorageConfiguration<?> configuration() {
        return HadoopFSUtils.getStorageConf(spark.sparkContext().hadoopConfiguration());
    }
}
