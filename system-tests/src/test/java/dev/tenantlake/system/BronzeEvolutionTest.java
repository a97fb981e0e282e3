package dev.tenantlake.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Whatever becomes of a table's columns in the source, Athena can ask all of its history in bronze. */
class BronzeEvolutionTest {

    @Test
    void leavesBronzeToBeAsked(@TempDir Path folder) throws Exception {
        try (LocalAwsProcess local = LocalAwsProcess.start(folder.resolve("data"), true);
                Connection source = DriverManager.getConnection(local.jdbcUrl(), "postgres", local.postgresPassword());
                Statement sql = source.createStatement()) {
            for (String statement : List.of(
                    "CREATE SCHEMA IF NOT EXISTS shop",
                    "CREATE TABLE shop.evolved (id int PRIMARY KEY, n int, amount numeric(12,2), ratio real, code text)",
                    "ALTER TABLE shop.evolved REPLICA IDENTITY FULL",
                    "CREATE PUBLICATION tenantlake FOR TABLE shop.evolved",
                    "INSERT INTO shop.evolved VALUES (1, 1, 1.10, 0.5, 'one')")) {
                sql.execute(statement);
            }
            Process ingest = ingest(local, folder);
            try (AthenaSession athena = athena(local)) {
                awaitHeld(local, athena, sql, ingest);
                evolve(sql);
                awaitHeld(local, athena, sql, ingest);
                await(() -> local.queryEngine().equals("READY"), ingest);

                assertThat(athena.query("SELECT id, n, amount, ratio, code, added FROM bronze.evolved ORDER BY id"))
                        .extracting(AthenaSession.Answer::rows)
                        .isEqualTo(List.of(
                                row("1", "1", "1.10", "0.5", "one", null),
                                row("2", "3000000000", "123456789012.25", "0.25", "two", null),
                                row("3", "3", "3.00", "0.5", "three", "here"),
                                row("4", "4", "4.00", "0.5", null, null)));
                assertThat(athena.query("SELECT * FROM bronze.evolved").rows()).hasSize(4);
                assertThat(athena.query("SELECT id, code FROM bronze.evolved__2 WHERE code > 4")
                                .rows())
                        .isEqualTo(List.of(row("5", "5")));
            } finally {
                ingest.destroy();
                ingest.waitFor(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void evolve(Statement sql) throws SQLException {
        for (String statement : List.of(
                "ALTER TABLE shop.evolved ALTER n TYPE bigint, ALTER amount TYPE numeric(14,2),"
                        + " ALTER ratio TYPE double precision",
                "INSERT INTO shop.evolved VALUES (2, 3000000000, 123456789012.25, 0.25, 'two')",
                "ALTER TABLE shop.evolved ADD COLUMN added text",
                "INSERT INTO shop.evolved VALUES (3, 3, 3, 0.5, 'three', 'here')",
                "ALTER TABLE shop.evolved RENAME COLUMN code TO label",
                "ALTER TABLE shop.evolved DROP COLUMN added",
                "INSERT INTO shop.evolved VALUES (4, 4, 4, 0.5, 'four')",
                "ALTER TABLE shop.evolved ADD COLUMN code int",
                "INSERT INTO shop.evolved VALUES (5, 5, 5, 0.5, 'five', 5)")) {
            sql.execute(statement);
        }
    }

    private static List<String> row(String... values) {
        return Arrays.asList(values);
    }

    private static Process ingest(LocalAwsProcess local, Path folder) throws Exception {
        Path module = Path.of("..", "cdc-ingest");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                module.resolve("target/classes") + ":"
                        + Files.readString(module.resolve("target/runtime-classpath"))
                                .strip(),
                "dev.tenantlake.ingest.CdcIngest",
                "run",
                "--epoch-age",
                "200ms"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("ingest.log").toFile());
        builder.environment().putAll(local.environment("pipeline"));
        return builder.start();
    }

    private static AthenaSession athena(LocalAwsProcess local) {
        Map<String, String> environment = new HashMap<>(local.environment("admin"));
        environment.put("AWS_ACCESS_KEY_ID", local.accessKeyId("admin"));
        environment.put("AWS_SECRET_ACCESS_KEY", local.secretAccessKey("admin"));
        environment.put("ATHENA_WORKGROUP", "tenantlake");
        return new AthenaSession(environment);
    }

    /** Waits until bronze holds what is committed now. */
    private static void awaitHeld(LocalAwsProcess local, AthenaSession athena, Statement sql, Process ingest)
            throws SQLException {
        try (S3Client s3 = athena.clients().s3();
                var mark = sql.executeQuery("SELECT pg_logical_emit_message(true, 'tenantlake', 'barrier')")) {
            mark.next();
            var lsn = Lsn.parse(mark.getString(1));
            EpochLog log =
                    new EpochLog(s3, new LakeLayout(local.environment("admin").get("TENANTLAKE_BUCKET")));
            await(
                    () -> log.latest()
                            .filter(last -> last.lastLsn().compareTo(lsn) >= 0)
                            .isPresent(),
                    ingest);
        }
    }

    private static void await(BooleanSupplier isSo, Process ingest) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!isSo.getAsBoolean()) {
            assertThat(ingest.isAlive()).as("cdc-ingest runs").isTrue();
            assertThat(System.nanoTime()).as("within three minutes").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
