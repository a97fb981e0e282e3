package dev.tenantlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
class SourceAppTest {

    private static final int SIGINT = 2;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "seed --scale huge; 'huge' is not a scale: expected one of small, medium, large",
                "seed --tenants 0; --tenants is 0: expected 1 to 10 with --scale small",
                "seed --rows 10; --rows is 10: expected 8000 to 1000000000, over all tables",
                "seed --rows 20000 --tenants 9; --tenants is 9: expected 1 to 2 with --rows 20000",
                "seed --rows 20000 --scale small; --scale and --rows are both given: expected one of them",
                "seed --until yesterday; 'yesterday' is not a day: expected one such as 2026-01-31",
                "seed --output yaml; 'yaml' is not a form of output: expected text or json",
                "traffic --for long; 'long' is not a length of time: expected a positive number with ms, s, m or h,"
                        + " such as 120s",
                "traffic --for 0s; '0s' is not a length of time: expected a positive number with ms, s, m or h, such"
                        + " as 120s",
                "traffic --rate 0; --rate is 0.0: expected transactions a second, more than 0 and at most 10000",
                "traffic --rate NaN; --rate is NaN: expected transactions a second, more than 0 and at most 10000",
                "restore --table orders --as-of 1; Missing required option: '--tenant=SLUG'",
                "sow; Unmatched argument at index 0: 'sow'",
                "seed --sclae small; Unknown options: '--sclae', 'small'"
            })
    void wrongUsageIsOneLineAndExitCode2(String arguments, String message) {
        CommandRun run = CommandRun.of(Map.of(), arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("source-app: ").contains(message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aPortThatIsNoneIsWrongUsage() {
        CommandRun run = CommandRun.of(Map.of("PGPORT", "many"), "migrate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(line("source-app: PGPORT is 'many': expected a port from 1 to 65535"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "seed", "traffic"})
    void whereNobodyAnswersItSaysWhere(String command) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        CommandRun run = CommandRun.of(Map.of("PGPORT", String.valueOf(port), "PGPASSWORD", "secret"), command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err())
                .contains("Postgres at 127.0.0.1:" + port + "/shop does not answer")
                .contains("check that it runs, and PGHOST and PGPORT")
                .doesNotContain("secret");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aWrongPasswordAndAMissingDatabaseAreNamed(TestShop shop) {
        CommandRun refused = CommandRun.of(with(shop.environment(), "PGPASSWORD", "wrong"), "seed");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(refused.err())
                .contains("refused user postgres")
                .contains("PGPASSWORD or PGPASSFILE")
                .doesNotContain("wrong");

        CommandRun missing = CommandRun.of(with(shop.environment(), "PGDATABASE", "nowhere"), "seed");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err().lines()).hasSize(1);
        assertThat(missing.err()).contains("has no database nowhere");
    }

    @Test
    void helpHasExamples() {
        assertThat(CommandRun.of(Map.of(), "--help")).satisfies(run -> {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("migrate", "seed", "traffic", "restore", "Examples:", "Exit codes");
        });
        for (String command : List.of("migrate", "seed", "traffic", "restore")) {
            assertThat(CommandRun.of(Map.of(), command, "--help")).satisfies(run -> {
                assertThat(run.exitCode()).isZero();
                assertThat(run.out()).contains("Examples:", "source-app " + command, "--output");
            });
        }
    }

    @Test
    void seedsAndTradesAndSaysSo(TestShop shop) throws IOException {
        CommandRun migrated = CommandRun.of(shop.environment(), "migrate", "--output", "json");
        assertThat(migrated.exitCode()).as(migrated.err()).isZero();
        assertThat(json(migrated).get("applied").asInt()).isPositive();

        CommandRun seeded = CommandRun.of(
                shop.environment(), "seed", "--scale", "SMALL", "--until", "2026-02-28", "--output", "json");
        assertThat(seeded.exitCode()).as(seeded.err()).isZero();
        assertThat(seeded.err()).contains("seed: orders, 1,500 rows in ");
        JsonNode report = json(seeded);
        assertThat(report.get("scale").asText()).isEqualTo("small");
        assertThat(report.get("until").asText()).isEqualTo("2026-02-28");
        assertThat(report.get("tables")).hasSize(SourceTable.ALL.size());
        assertThat(report.get("rows").asLong()).isBetween(16_300L, 17_700L);

        CommandRun again = CommandRun.of(shop.environment(), "seed");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err().lines()).hasSize(1);
        assertThat(again.err()).contains("has rows already").contains("--clean");

        CommandRun clean = CommandRun.of(shop.environment(), "seed", "--clean", "--seed", "3", "--tenants", "2");
        assertThat(clean.exitCode()).as(clean.err()).isZero();
        assertThat(clean.out()).containsPattern("orders +1,500 ").contains("seed 3, 2 tenants, 6 months until ");

        CommandRun traffic =
                CommandRun.of(shop.environment(), "traffic", "--rate", "50", "--for", "500ms", "--seed", "4");
        assertThat(traffic.exitCode()).as(traffic.err()).isZero();
        assertThat(traffic.out())
                .contains("inserted")
                .contains(" transactions in ")
                .contains("(seed 4)");
    }

    /**
     * Whether a process started from here would not see the signal of Ctrl-C: a shell without job control starts what
     * it is to run in the background so, and processes inherit it. Read from the mask of ignored signals in Linux'
     * {@code proc(5)}, in which signal n is bit n - 1.
     */
    private static boolean interruptIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1L << (SIGINT - 1)) != 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalEndsTheTrafficWithItsSummary(String signal, TestShop shop, @TempDir Path directory)
            throws IOException, InterruptedException, SQLException {
        assertThat(CommandRun.of(shop.environment(), "seed").exitCode()).isZero();
        // As a user starts it: with the password in the file that PGPASSFILE names.
        Path pgpass = directory.resolve("pgpass");
        Files.createFile(pgpass, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(pgpass, "*:*:*:*:" + shop.environment().get("PGPASSWORD") + "\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SourceApp.class.getName(),
                "traffic",
                "--rate",
                "100",
                "--output",
                "json"));
        if (interruptIsIgnored()) {
            command.addAll(0, List.of("env", "--default-signal=INT"));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(shop.environment());
        builder.environment().remove("PGPASSWORD");
        builder.environment().put("PGPASSFILE", pgpass.toString());
        Process traffic = builder.start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (shop.count("SELECT count(*) FROM shop.orders") < 1_505) {
                assertThat(traffic.isAlive())
                        .as(() -> read(directory.resolve("err")))
                        .isTrue();
                assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            new ProcessBuilder("kill", "-" + signal, String.valueOf(traffic.pid()))
                    .start()
                    .waitFor();

            assertThat(traffic.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(traffic.exitValue())
                    .as(() -> read(directory.resolve("err")))
                    .isZero();
        } finally {
            traffic.destroyForcibly();
        }
        JsonNode summary = LakeJson.mapper().readTree(read(directory.resolve("out")));
        JsonNode orders = summary.get("tables").findParents("name").stream()
                .filter(table -> table.get("name").asText().equals("orders"))
                .findFirst()
                .orElseThrow();
        assertThat(1_500
                        + orders.get("inserted").asLong()
                        - orders.get("deleted").asLong())
                .isEqualTo(shop.count("SELECT count(*) FROM shop.orders"));
        assertThat(read(directory.resolve("err"))).isEmpty();
    }

    private static JsonNode json(CommandRun run) throws IOException {
        return LakeJson.mapper().readTree(run.out());
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return changed;
    }

    private static String line(String text) {
        return text + System.lineSeparator();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
