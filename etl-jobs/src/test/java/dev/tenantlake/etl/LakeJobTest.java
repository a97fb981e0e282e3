package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
        Process job = start(lake, localAws, "--mode", "continuous", "--poll", "50ms");
        try {
            await(job, () -> goldHolds(lake, 1));
            assertThat(listensBeyondThisMachine(job.pid())).isEmpty();

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

    /** The addresses other than the loopback's that a process listens on, by Linux' account of it. */
    private static List<String> listensBeyondThisMachine(long pid) throws IOException {
        List<String> sockets;
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            sockets = descriptors
                    .map(LakeJobTest::target)
                    .filter(name -> name.startsWith("socket:"))
                    .toList();
        }
        List<String> found = new ArrayList<>();
        for (String family : new String[] {"tcp", "tcp6"}) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + family))) {
                String[] fields = line.strip().split("\\s+");
                boolean listening = fields.length > 9 && fields[3].equals("0A");
                if (listening && sockets.contains("socket:[" + fields[9] + "]") && !fields[1].startsWith("0100007F:")) {
                    found.add(fields[1]);
                }
            }
        }
        return found;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The descriptor was closed in the meantime.
            return "";
        }
    }
}
