package dev.tenantlake.etl;

import dev.tenantlake.etl.s3.S3aSettings;
import dev.tenantlake.model.LakeConfig;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark session of the jobs. What their results depend on is set here; what only their speed and place depend on
 * is left to {@code spark-submit}.
 */
final class LakeSession {

    private LakeSession() {}

    static SparkSession open(LakeConfig config) {
        SparkConf conf = new SparkConf()
                .setIfMissing("spark.app.name", "tenantlake")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.apache.spark.HoodieSparkKryoRegistrar")
                // Tables are committed side by side: none of them waits for all tasks of another.
                .set("spark.scheduler.mode", "FAIR")
                // Days and months are those of UTC unless a tenant's time zone is named.
                .set("spark.sql.session.timeZone", "UTC")
                .set("spark.sql.datetime.java8API.enabled", "true")
                .set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
                .set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
                .set("spark.sql.ansi.enabled", "false")
                .set("spark.sql.caseSensitive", "true");
        S3aSettings.of(config).forEach((name, value) -> conf.setIfMissing("spark.hadoop." + name, value));
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
