package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.etl.gold.GoldTables;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The job as a process, started through SparkSubmit with the files of {@code conf}. */
@ExtendWith(LakeExtension.class)
class LakeJobTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    @Test
    void followsTheEpochLogUntilItIsToldToStop(TestLake lake, LocalAwsProcess localAws) throws Exception {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.insert(ORDERS, order(1, 1, "paid", "1.00", "2026-03-08T10:00:00Z"));
        source.snapshot();
        Process job = start(lake, localAws, "--mode", "continuous", "--poll", "50ms", "--metrics-port", "0");
        try {
            await(job, () -> goldHolds(lake, 1));
            assertThat(ListeningSockets.beyondThisMachine(job.pid())).isEmpty();
            assertThat(metrics())
                    .contains("tenantlake_layer_epoch{layer=\"silver\"} 1.0")
                    .contains("tenantlake_layer_epoch{layer=\"gold\"} 1.0")
                    .contains("tenantlake_layer_commits_total{layer=\"gold\"} 1.0")
                    .contains("tenantlake_layer_batch_epochs{layer=\"silver\"} 1.0")
                    .contains("tenantlake_layer_stopped_tables{layer=\"silver\"} 0.0")
                    .contains("tenantlake_table_valid_share{table=\"orders\"} 1.0")
                    .contains("tenantlake_table_rows{state=\"valid\",table=\"orders\"} 1.0")
                    .contains("tenantlake_table_rows{state=\"quarantined\",table=\"orders\"} 0.0")
                    .contains("tenantlake_layer_commit_seconds_count{layer=\"silver\"} 1")
                    .contains("tenantlake_layer_commit_delay_seconds_count{layer=\"gold\",transaction=\"first\"} 1")
                    .contains("tenantlake_layer_rows_total{layer=\"silver\",table=\"orders\"} 1.0");

            source.insert(CUSTOMERS, customer(1, 1));
            source.insert(ORDERS, order(1, 2, "paid", "1.00", "2026-03-08T10:00:00Z"));
            source.cut();
            await(job, () -> goldHolds(lake, 2));
        } finally {
            job.destroy();
        }
        assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(output("stderr")).contains("event=stopped").doesNotContain("\tat ");
        assertThat(job.exitValue()).isZero();
    }

    @Test
    void finishesTheCommitInHandBeforeItStops(TestLake lake, LocalAwsProcess localAws) throws Exception {
        Source source = lake.source();
        source.insert(TENANTS, tenant(1, "UTC"));
        source.snapshot();
        Process job = start(lake, localAws, "--mode", "continuous", "--poll", "50ms");
        try {
            await(job, () -> goldHolds(lake, 1));
            for (long id = 1; id <= 50; id++) {
                source.insert(CUSTOMERS, customer(1, id));
                source.insert(ORDERS, order(1, id, "paid", "1.00", "2026-03-08T10:00:00Z"));
            }
            source.cut();
            // As soon as one table's commit has begun.
            await(job, () -> instants(lake, ".inflight", 2));
        } finally {
            job.destroy();
        }
        assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(job.exitValue()).isZero();
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(2);
        assertThat(lake.rows(SilverTables.of(ORDERS))).hasSize(50);
        assertThat(lake.rows(SilverTables.of(CUSTOMERS))).hasSize(50);

        SilverStage silver = lake.silver();
        assertThat(silver.advance()).isFalse();
        lake.gold(false).advance(silver.position().orElseThrow());
        assertThat(lake.rows(GoldTables.REVENUE_DAILY))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("orders", 50L));
    }

    @Test
    void endsWithOneLineWhenS3IsNotThere(TestLake lake, LocalAwsProcess localAws) throws Exception {
        Map<String, String> nobody = Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
        Process job = start(lake, localAws, nobody, "--mode", "once");
        try {
            assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            job.destroyForcibly();
        }
        assertThat(job.exitValue()).isEqualTo(1);
        assertThat(output("stderr").lines().filter(line -> line.startsWith("lake-job: ")))
                .singleElement()
                .asString()
                .contains("does not answer")
                .contains("Connection refused");
        assertThat(output("stderr")).doesNotContain("\tat ");
    }

    @Test
    void endsWithOneLineWhenTheRulesAreNone(TestLake lake, LocalAwsProcess localAws) throws Exception {
        Path rules = Files.writeString(directory.resolve("rules.yaml"), "tables: {orders: {rule: {}}}");
        Process job = start(lake, localAws, "--mode", "once", "--rules", rules.toString());
        try {
            assertThat(job.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            job.destroyForcibly();
        }
        assertThat(job.exitValue()).isEqualTo(2);
        assertThat(output("stderr").lines().filter(line -> line.startsWith("lake-job: ")))
                .singleElement()
                .asString()
                .contains(rules.toString(), "tables.orders.rule is not known");
    }

    private Process start(TestLake lake, LocalAwsProcess localAws, String... arguments) throws IOException {
        return start(lake, localAws, Map.of(), arguments);
    }

    private Process start(TestLake lake, LocalAwsProcess localAws, Map<String, String> settings, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@conf/local.jvm",
                "-cp",
                Path.of("target/classes") + ":"
                        + Files.readString(Path.of("target/runtime-classpath")).strip(),
                "org.apache.spark.deploy.SparkSubmit",
                "--properties-file",
                "conf/local.conf",
                "--class",
                LakeJob.class.getName(),
                "spark-internal"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("stdout").toFile())
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().putAll(localAws.environment("pipeline"));
        builder.environment().put("TENANTLAKE_BUCKET", lake.layout().bucket());
        builder.environment().putAll(settings);
        return builder.start();
    }

    private String output(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    /** What the job serves at the address that it says. */
    private String metrics() throws IOException, InterruptedException {
        Matcher served = Pattern.compile("event=metrics_served address=(\\S+)").matcher(output("stderr"));
        assertThat(served.find()).as(output("stderr")).isTrue();
        HttpRequest get = HttpRequest.newBuilder(URI.create(served.group(1))).build();
        return HttpClient.newHttpClient()
                .send(get, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Whether silver's tables have so many instants of a state. */
    private static boolean instants(TestLake lake, String state, long atLeast) {
        return lake
                        .s3()
                        .listObjectsV2Paginator(
                                list -> list.bucket(lake.layout().bucket()).prefix("silver/orders/.hoodie/"))
                        .contents()
                        .stream()
                        .filter(object -> object.key().endsWith(state))
                        .count()
                >= atLeast;
    }

    private static boolean goldHolds(TestLake lake, long epoch) {
        return lake.positions()
                .read(Layer.GOLD)
                .map(LayerPosition::epoch)
                .orElse(0L)
                .equals(epoch);
    }

    private void await(Process job, BooleanSupplier wanted) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(job.isAlive()).as(output("stderr")).isTrue();
            assertThat(System.nanoTime()).as(output("stderr")).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
