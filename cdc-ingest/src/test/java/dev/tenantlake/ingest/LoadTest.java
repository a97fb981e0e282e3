package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tables that are loaded into a lake that lives, through a new slot or beside the stream. */
@ExtendWith(LocalAwsExtension.class)
class LoadTest {

    @Test
    void throughANewSlotReplacesAllTables(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.kept (id int PRIMARY KEY)",
                "CREATE TABLE shop.emptied (id int PRIMARY KEY)",
                "INSERT INTO shop.kept VALUES (1), (2)",
                "INSERT INTO shop.emptied VALUES (1)");
        lake.publish("shop.kept", "shop.emptied");
        EpochManifest last;
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.kept VALUES (3)");
            last = run.caughtUp();
        }
        lake.sql("SELECT pg_drop_replication_slot('" + lake.name() + "')");
        lake.sql("DELETE FROM shop.kept WHERE id = 1", "TRUNCATE shop.emptied");
        try (IngestRun run = IngestRun.start(lake)) {
            run.reaches(last.epoch() + 1);
            lake.sql("INSERT INTO shop.kept VALUES (4)");
            run.caughtUp();
        }

        EpochManifest anew = lake.log().read(last.epoch() + 1).orElseThrow();
        assertThat(anew.kind()).isEqualTo(EpochManifest.Kind.SNAPSHOT);
        assertThat(anew.offset()).isEmpty();
        assertThat(anew.loaded()).containsExactly("emptied", "kept");
        assertThat(anew.tables().values()).hasSize(2).allMatch(EpochManifest.TableSlice::truncated);
        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("kept")).isEqualTo("rrc" + "trr" + "c");
        assertThat(bronze.operations("emptied")).isEqualTo("r" + "t");
        assertThat(bronze.replay("kept", "id")).containsOnlyKeys(2, 3, 4);
    }

    @Test
    void throughANewSlotBeginsAnewAfterACrash(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)", "INSERT INTO shop.things VALUES (1)");
        lake.publish("shop.things");
        EpochManifest last;
        try (IngestRun run = IngestRun.start(lake)) {
            last = run.loaded();
        }
        lake.sql("SELECT pg_drop_replication_slot('" + lake.name() + "')", "INSERT INTO shop.things VALUES (2)");
        // What a process leaves that is killed after it created the new slot and before it wrote the manifest.
        String lsn =
                lake.query("SELECT lsn FROM pg_create_logical_replication_slot('" + lake.name() + "', 'pgoutput')");
        lake.put(
                LakeLayout.SNAPSHOT_MARKER_KEY,
                String.format(
                        "{\"source\":{\"systemIdentifier\":\"%s\",\"database\":\"%s\",\"slot\":\"%s\"},"
                                + "\"consistentLsn\":\"%s\"}",
                        last.source().systemIdentifier(), lake.name(), lake.name(), lsn));
        lake.sql("INSERT INTO shop.things VALUES (3)");
        try (IngestRun run = IngestRun.start(lake)) {
            run.reaches(2);
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("things")).isEqualTo("r" + "trrr");
        assertThat(lake.log().read(2).orElseThrow().kind()).isEqualTo(EpochManifest.Kind.SNAPSHOT);
    }

    @Test
    void ofATableThatIsPublishedLater(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.first (id int PRIMARY KEY)",
                "CREATE TABLE shop.later (id int PRIMARY KEY)",
                "ALTER TABLE shop.later REPLICA IDENTITY FULL",
                "INSERT INTO shop.later VALUES (1), (2)");
        lake.publish("shop.first");
        try (IngestRun run = IngestRun.start(lake)) {
            assertThat(run.loaded().loaded()).containsExactly("first");
            lake.sql("ALTER PUBLICATION tenantlake ADD TABLE shop.later");
            lake.transaction("DELETE FROM shop.later WHERE id = 1", "INSERT INTO shop.first VALUES (1)");
            run.carries("later");
            lake.transaction("INSERT INTO shop.later VALUES (3)", "INSERT INTO shop.first VALUES (2)");
            run.caughtUp();
        }

        EpochManifest load = lake.epochs().stream()
                .filter(epoch -> epoch.kind() == EpochManifest.Kind.LOAD)
                .findFirst()
                .orElseThrow();
        assertThat(load.tables()).containsOnlyKeys("later");
        assertThat(load.tables().get("later").truncated()).isTrue();
        assertThat(load.firstLsn()).isEqualTo(load.lastLsn());
        assertThat(load.offset()).isPresent();
        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("later")).isEqualTo("d" + "tr" + "c");
        assertThat(bronze.replay("later", "id")).containsOnlyKeys(2, 3);
        assertThat(bronze.operations("first")).isEqualTo("cc");
        assertThat(lake.epochs()).extracting(EpochManifest::lastLsn).isSorted();
    }

    @Test
    void ofATableThatWasOutOfThePublicationWhileNobodyLooked(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.first (id int PRIMARY KEY)", "CREATE TABLE shop.second (id int PRIMARY KEY)");
        lake.publish("shop.first", "shop.second");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            run.caughtUp();
        }
        lake.sql(
                "ALTER PUBLICATION tenantlake DROP TABLE shop.second",
                "INSERT INTO shop.second VALUES (1)",
                "ALTER PUBLICATION tenantlake ADD TABLE shop.second",
                "INSERT INTO shop.second VALUES (2)");
        try (IngestRun run = IngestRun.start(lake)) {
            run.holdsLoads(1);
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("second")).isEqualTo("c" + "trr");
        try (IngestRun run = IngestRun.start(lake)) {
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("second")).as("once is enough").isEqualTo("c" + "trr");
    }

    @Test
    void onRequest(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.asked (id int PRIMARY KEY)", "INSERT INTO shop.asked VALUES (1)");
        lake.publish("shop.asked");
        assertThatThrownBy(() -> ReloadCommand.request(lake.s3(), lake.layout(), List.of("asked")))
                .hasMessageContaining("the lake has no epoch");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            assertThatThrownBy(() -> ReloadCommand.request(lake.s3(), lake.layout(), List.of("asked", "nothing")))
                    .hasMessageContaining("the lake carries no table 'nothing'; expected one of asked")
                    .extracting(failure -> ((LakeException) failure).kind())
                    .isEqualTo(LakeException.Kind.WRONG_USAGE);
            assertThat(lake.keys()).noneMatch(key -> key.startsWith(LakeLayout.RELOAD_PREFIX));
            ReloadCommand.request(lake.s3(), lake.layout(), List.of("asked"));
            run.holdsLoads(1);
            Await.until(
                    "the request is gone",
                    () -> lake.keys().stream().noneMatch(key -> key.startsWith(LakeLayout.RELOAD_PREFIX)));
            lake.sql("INSERT INTO shop.asked VALUES (2)");
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("asked")).isEqualTo("r" + "tr" + "c");
        assertThat(lake.keys().stream().filter(key -> key.endsWith(".parquet")))
                .as("nothing but what manifests name")
                .hasSize(3);
    }

    @Test
    void waitsForWriteTransactionsAndLetsTheStreamGoOn(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.asked (id int PRIMARY KEY)", "CREATE TABLE shop.busy (id int PRIMARY KEY)");
        lake.publish("shop.asked", "shop.busy");
        try (IngestRun run = IngestRun.start(lake);
                var held = lake.connect();
                var statement = held.createStatement()) {
            run.loaded();
            held.setAutoCommit(false);
            statement.execute("INSERT INTO shop.asked VALUES (1)");
            ReloadCommand.request(lake.s3(), lake.layout(), List.of("asked"));
            for (int id = 1; id <= 12; id++) {
                lake.sql("INSERT INTO shop.busy VALUES (" + id + ")");
                run.caughtUp();
                Await.pass(Duration.ofMillis(500));
            }
            assertThat(lake.epochs()).noneMatch(epoch -> epoch.kind() == EpochManifest.Kind.LOAD);
            held.commit();
            run.holdsLoads(1);
        }
        assertThat(lake.bronze().operations("asked")).isEqualTo("c" + "tr");
        assertThat(lake.bronze().operations("busy")).isEqualTo("c".repeat(12));
    }

    @Test
    void givesUpAloneWhenATableHoldsWhatCannotBeCarried(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.first (id int PRIMARY KEY)",
                "CREATE TABLE shop.nan (id int PRIMARY KEY, price numeric(12,2))",
                "ALTER TABLE shop.nan REPLICA IDENTITY FULL",
                "INSERT INTO shop.nan VALUES (1, 'NaN')");
        lake.publish("shop.first");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("ALTER PUBLICATION tenantlake ADD TABLE shop.nan");
            Await.pass(Duration.ofSeconds(8));
            lake.sql("INSERT INTO shop.first VALUES (1)");
            run.caughtUp();
            assertThat(lake.log().latest().orElseThrow().loaded()).containsExactly("first");
            lake.sql(
                    "ALTER PUBLICATION tenantlake DROP TABLE shop.nan",
                    "UPDATE shop.nan SET price = 1",
                    "ALTER PUBLICATION tenantlake ADD TABLE shop.nan");
            run.carries("nan");
            assertThat(run.attempts()).isEqualTo(1);
        }
        assertThat(lake.bronze().operations("nan")).isEqualTo("tr");
    }
}
