package dev.tenantlake.bench.spark;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What silver's first load is held against: the same bronze rows of the source's columns, read and written again by Spark
 * as plain Parquet, not partitioned. It runs on the class path of etl-jobs with that module's JVM flags and properties, and
 * sets for its session what the jobs set for theirs. Prints rows and seconds as JSON.
 */
public final class PlainSparkWrite {

    private static final int TABLES_AT_A_TIME = 4;

    private PlainSparkWrite() {}

    public static void main(String[] arguments) throws Exception {
        LakeConfig config = LakeConfig.fromEnvironment();
        EpochManifest load;
        try (AwsClients clients = AwsClients.of(config);
                S3Client s3 = clients.s3()) {
            load = new EpochLog(s3, config.layout())
                    .read(1)
                    .orElseThrow(() -> new IllegalStateException("bronze has no epoch 1"));
        }
        String root = "s3a://" + config.bucket() + "/";
        try (SparkSession spark =
                SparkSession.builder().config(settings(config)).getOrCreate()) {
            long started = System.nanoTime();
            ExecutorService tables = Executors.newFixedThreadPool(TABLES_AT_A_TIME);
            try {
                List<Future<?>> writes = new ArrayList<>();
                for (SourceTable table : SourceTable.ALL) {
                    if (load.tables().containsKey(table.name())) {
                        writes.add(tables.submit(() -> write(spark, root, table, load)));
                    }
                }
                for (Future<?> write : writes) {
                    write.get();
                }
            } finally {
                tables.shutdownNow();
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            System.out.println(new String(
                    LakeJson.bytes(Map.of("rows", load.rows(), "seconds", seconds)), StandardCharsets.UTF_8));
        }
    }

    private static void write(SparkSession spark, String root, SourceTable table, EpochManifest load) {
        String[] files = load.tables().get(table.name()).files().stream()
                .map(file -> root + file.key())
                .toArray(String[]::new);
        Column[] columns = table.columns().stream()
                .map(SourceColumn::name)
                .map(functions::col)
                .toArray(Column[]::new);
        spark.read()
                .parquet(files)
                .select(columns)
                .write()
                .option("compression", "zstd")
                .mode("overwrite")
                .parquet(root + "bench-plain/" + table.name());
    }

    private static SparkConf settings(LakeConfig config) {
        SparkConf settings = new SparkConf()
                .setAppName("plain-spark-write")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.scheduler.mode", "FAIR")
                .set("spark.sql.session.timeZone", "UTC")
                .set("spark.sql.datetime.java8API.enabled", "true")
                .set("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED")
                .set("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED")
                .set(
                        "spark.hadoop.fs.s3a.aws.credentials.provider",
                        "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider")
                .set("spark.hadoop.fs.s3a.endpoint.region", config.region())
                .set("spark.hadoop.fs.s3a.path.style.access", "true")
                .set("spark.hadoop.fs.s3a.change.detection.mode", "none")
                .set("spark.hadoop.fs.s3a.performance.flags", "*")
                .set("spark.hadoop.fs.s3a.audit.enabled", "false")
                .set("spark.hadoop.fs.s3a.fast.upload.buffer", "bytebuffer")
                .set("spark.hadoop.fs.s3a.multipart.size", "32M");
        config.s3Endpoint()
                .ifPresent(endpoint -> settings.set("spark.hadoop.fs.s3a.endpoint", endpoint.toString())
                        .set("spark.hadoop.fs.s3a.connection.ssl.enabled", "" + "https".equals(endpoint.getScheme())));
        return settings;
    }
}
