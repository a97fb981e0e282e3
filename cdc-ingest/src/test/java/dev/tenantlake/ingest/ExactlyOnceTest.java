package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.BronzeRows.Row;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is missing and nothing comes twice, whatever happens while the source is written to. */
@ExtendWith(LocalAwsExtension.class)
class ExactlyOnceTest {

    private static final int KILLS = 3;

    @Test
    void throughASnapshotUnderWritesAndKills(TestLake lake, @TempDir Path folder) throws Exception {
        lake.sql(
                "CREATE TABLE shop.accounts (id int PRIMARY KEY, balance bigint NOT NULL, note text)",
                "CREATE TABLE shop.moves (id bigint PRIMARY KEY, batch int NOT NULL, amount bigint NOT NULL)");
        lake.publish("shop.accounts", "shop.moves");
        lake.sql("INSERT INTO shop.accounts SELECT g, 0, repeat('x', 500) FROM generate_series(1, 40000) g");
        try (Writers writers = Writers.start(lake, 2)) {
            writers.reach(20);
            IngestProcess ingest = IngestProcess.start(lake, folder);
            long epoch = 1;
            for (int kills = 0; kills < KILLS; kills++) {
                awaitEpoch(lake, ingest, epoch);
                ingest.kill();
                epoch = lake.log().latestEpoch() + 2;
                ingest = IngestProcess.start(lake, folder);
            }
            awaitEpoch(lake, ingest, epoch);
            writers.stop();
            awaitBarrier(lake, ingest);
            ingest.terminate();
            assertThat(ingest.exitCode()).as(ingest.output()).isZero();
        }

        BronzeRows bronze = lake.bronze();
        assertThat(bronze.of("moves").map(row -> row.value("id"))).doesNotHaveDuplicates();
        assertThat(bronze.of("moves").count()).isEqualTo(Long.parseLong(lake.query("SELECT count(*) FROM shop.moves")));
        assertReplayed(lake, bronze);
        assertTransactionsWhole(bronze);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(Files::isDirectory))
                    .as("folders of killed processes")
                    .isEmpty();
        }
    }

    @Test
    void throughLoadsUnderWritesAndKills(TestLake lake, @TempDir Path folder) throws Exception {
        lake.sql(
                "CREATE TABLE shop.accounts (id int PRIMARY KEY, balance bigint NOT NULL, note text)",
                "CREATE TABLE shop.moves (id bigint PRIMARY KEY, batch int NOT NULL, amount bigint NOT NULL)");
        lake.publish("shop.accounts", "shop.moves");
        lake.sql("INSERT INTO shop.accounts SELECT g, 0, repeat('x', 500) FROM generate_series(1, 40000) g");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Writers writers = Writers.start(lake, 2)) {
            IngestProcess ingest = IngestProcess.start(lake, folder);
            awaitEpoch(lake, ingest, 1);
            for (int kills = 0; kills < KILLS; kills++) {
                ReloadCommand.request(lake.s3(), lake.layout(), List.of("accounts"));
                ingest.kill();
                if (kills == 1) {
                    lake.dropSlotOnceFree();
                }
                ingest = IngestProcess.start(lake, folder);
                // Somewhere from its start to after the load, which takes about two seconds.
                Await.pass(Duration.ofMillis(1000 + random.nextInt(3000)));
            }
            awaitEpoch(lake, ingest, lake.log().latestEpoch() + 2);
            ReloadCommand.request(lake.s3(), lake.layout(), List.of("accounts"));
            Await.until(
                    "no request is left",
                    () -> lake.keys().stream().noneMatch(key -> key.startsWith(LakeLayout.RELOAD_PREFIX)));
            writers.stop();
            awaitBarrier(lake, ingest);
            ingest.terminate();
            assertThat(ingest.exitCode()).as(ingest.output()).isZero();
        }

        BronzeRows bronze = lake.bronze();
        assertThat(lake.epochs())
                .as("seed " + seed)
                .extracting(EpochManifest::kind)
                .contains(EpochManifest.Kind.LOAD);
        assertReplayed(lake, bronze);
        assertThat(bronze.replay("moves", "id"))
                .as("seed " + seed)
                .hasSize(Integer.parseInt(lake.query("SELECT count(*) FROM shop.moves")));
        assertThat(bronze.rows().stream()
                        .filter(row -> row.transaction() != 0 && row.table().equals("moves"))
                        .map(row -> row.value("id")))
                .as("seed " + seed)
                .doesNotHaveDuplicates();
        List<String> known = lake.epochs().stream()
                .flatMap(epoch -> epoch.tables().values().stream())
                .flatMap(slice -> slice.files().stream())
                .map(EpochManifest.DataFile::key)
                .toList();
        assertThat(lake.keys().stream().filter(key -> key.endsWith(".parquet")))
                .as("files of loads that were killed are gone, seed " + seed)
                .hasSameElementsAs(known);
    }

    private static void awaitEpoch(TestLake lake, IngestProcess ingest, long epoch) {
        Await.until("epoch " + epoch, () -> {
            assertThat(ingest.isAlive()).as(ingest.output()).isTrue();
            return lake.log().latestEpoch() >= epoch;
        });
    }

    private static void awaitBarrier(TestLake lake, IngestProcess ingest) {
        var barrier = lake.barrier();
        Await.until("the barrier", () -> {
            assertThat(ingest.isAlive()).as(ingest.output()).isTrue();
            return lake.log().latest().orElseThrow().lastLsn().compareTo(barrier) >= 0;
        });
    }

    private static void assertReplayed(TestLake lake, BronzeRows bronze) throws SQLException {
        Map<Object, Object> balances = new HashMap<>();
        bronze.replay("accounts", "id").forEach((id, row) -> balances.put(id, row.get("balance")));
        Map<Object, Object> expected = new HashMap<>();
        try (Connection connection = lake.connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT id, balance FROM shop.accounts")) {
            while (rows.next()) {
                expected.put(rows.getInt(1), rows.getLong(2));
            }
        }
        assertThat(balances).isEqualTo(expected);
    }

    /** Each transaction moves amounts that add up to zero between accounts, and notes the moves under its number. */
    private static void assertTransactionsWhole(BronzeRows bronze) {
        Map<Long, Set<Long>> epochs = new HashMap<>();
        Map<Object, Long> sums = new HashMap<>();
        bronze.rows().stream()
                .filter(row -> row.transaction() != 0)
                .forEach(row -> epochs.computeIfAbsent(row.transaction(), transaction -> new HashSet<>())
                        .add(row.epoch()));
        bronze.of("moves").forEach(row -> sums.merge(row.value("batch"), (Long) row.value("amount"), Long::sum));
        assertThat(epochs.values()).allSatisfy(of -> assertThat(of).hasSize(1));
        assertThat(sums.values()).containsOnly(0L);
        List<Row> streamed =
                bronze.rows().stream().filter(row -> row.transaction() != 0).toList();
        assertThat(streamed).extracting(Row::lsn).as("commit order").isSorted();
    }

    /** Several connections that write transactions until they are told to stop. */
    private static final class Writers implements AutoCloseable {

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger batches = new AtomicInteger();
        private final List<CompletableFuture<Void>> running;

        private Writers(TestLake lake, int writers) {
            running = Stream.generate(() -> CompletableFuture.runAsync(() -> write(lake)))
                    .limit(writers)
                    .toList();
        }

        static Writers start(TestLake lake, int writers) {
            return new Writers(lake, writers);
        }

        private void write(TestLake lake) {
            try (Connection connection = lake.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                while (!stopped.get()) {
                    int batch = batches.incrementAndGet();
                    for (int move = 0; move < 4; move++) {
                        int amount = move % 2 == 0 ? batch : -batch;
                        statement.execute("INSERT INTO shop.moves VALUES (" + (batch * 10L + move) + ", " + batch + ", "
                                + amount + ")");
                        // In ascending order, so that writers do not lock each other out.
                        statement.execute("UPDATE shop.accounts SET balance = balance + " + amount + " WHERE id = "
                                + (batch % 30_000 + 1 + move));
                    }
                    statement.execute("DELETE FROM shop.accounts WHERE id = " + (40_000 - batch % 5_000));
                    connection.commit();
                    // Steady traffic; the more there is, the longer the test takes and the less it shows.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        void reach(int count) {
            Await.until(count + " transactions", () -> batches.get() >= count);
        }

        void stop() {
            stopped.set(true);
            running.forEach(CompletableFuture::join);
        }

        @Override
        public void close() {
            stop();
        }
    }

    @Test
    void whenASnapshotWasKilled(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)", "INSERT INTO shop.things VALUES (1), (2)");
        lake.publish("shop.things");
        // What a process leaves that is killed after it uploaded files and before it wrote the manifest.
        String lsn =
                lake.query("SELECT lsn FROM pg_create_logical_replication_slot('" + lake.name() + "', 'pgoutput')");
        String system = lake.query("SELECT system_identifier FROM pg_control_system()");
        lake.put(
                LakeLayout.SNAPSHOT_MARKER_KEY,
                String.format(
                        "{\"source\":{\"systemIdentifier\":\"%s\",\"database\":\"%s\",\"slot\":\"%s\"},"
                                + "\"consistentLsn\":\"%s\"}",
                        system, lake.name(), lake.name(), lsn));
        String orphan = "bronze/things/ingest_date=2026-01-01/epoch_block=0/00000000000000000001-00007.parquet";
        lake.put(orphan, "half a file");
        lake.sql("INSERT INTO shop.things VALUES (3)");

        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.things VALUES (4)");
            run.caughtUp();
        }

        assertThat(lake.bronze().operations("things")).isEqualTo("rrrc");
        assertThat(lake.keys()).doesNotContain(orphan, LakeLayout.SNAPSHOT_MARKER_KEY);
    }

    @Test
    void whenAnEpochWasLeftWithoutItsManifest(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
        lake.publish("shop.things");
        EpochManifest last;
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.things VALUES (1)");
            last = run.caughtUp();
        }
        String folder = "bronze/things/ingest_date=" + last.ingestDate() + "/epoch_block=0/";
        String orphan = folder + String.format("%020d-00000.parquet", last.epoch() + 1);
        lake.put(orphan, "half a file");

        lake.sql("INSERT INTO shop.things VALUES (2)");
        try (IngestRun run = IngestRun.start(lake)) {
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("things")).isEqualTo("cc");
        List<String> known = lake.epochs().stream()
                .flatMap(epoch -> epoch.tables().values().stream())
                .flatMap(slice -> slice.files().stream())
                .map(EpochManifest.DataFile::key)
                .toList();
        assertThat(lake.keys().stream().filter(key -> key.endsWith(".parquet"))).hasSameElementsAs(known);

        lake.put(folder + String.format("%020d-00000.parquet", last.epoch() + 40), "of an epoch far ahead");
        try (IngestRun run = IngestRun.start(lake)) {
            assertThat(run.refusal())
                    .hasMessageContaining(
                            "the epoch log ends at epoch " + lake.log().latestEpoch())
                    .hasMessageContaining("restore the missing manifests");
        }
    }
}
