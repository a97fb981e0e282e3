package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** What cdc-ingest refuses to start on, each with one line that says what to do. */
@ExtendWith(LocalAwsExtension.class)
class PreflightTest {

    private static String refusal(TestLake lake, String... options) {
        return refusal(lake, Map.of(), options);
    }

    private static String refusal(TestLake lake, Map<String, String> variables, String... options) {
        try (IngestRun run = IngestRun.start(lake, lake.config(variables, options))) {
            LakeException refusal = run.refusal();
            assertThat(refusal.getMessage().lines()).hasSize(1);
            return refusal.getMessage();
        }
    }

    @Test
    void refusesATableThatCannotBeFollowed(TestLake lake) throws Exception {
        assertThat(refusal(lake))
                .startsWith("there is no publication 'tenantlake'")
                .contains("CREATE PUBLICATION");
        lake.sql("CREATE PUBLICATION tenantlake");
        assertThat(refusal(lake)).startsWith("publication 'tenantlake' has no table");

        lake.sql(
                "CREATE TABLE shop.things (id int, note text)",
                "CREATE TABLE shop.others (id int PRIMARY KEY)",
                "ALTER PUBLICATION tenantlake ADD TABLE shop.things");
        assertThat(refusal(lake))
                .startsWith("table shop.things has no primary key")
                .contains("ALTER TABLE shop.things ADD PRIMARY KEY");
        lake.sql("ALTER TABLE shop.things ADD PRIMARY KEY (id)", "ALTER PUBLICATION tenantlake ADD TABLE shop.others");
        assertThat(refusal(lake))
                .startsWith("table shop.others (and 1 more) has a replica identity that is not full")
                .contains("ALTER TABLE shop.others REPLICA IDENTITY FULL");
        lake.sql("ALTER TABLE shop.things REPLICA IDENTITY FULL", "ALTER TABLE shop.others REPLICA IDENTITY FULL");

        lake.sql("ALTER PUBLICATION tenantlake SET (publish = 'insert, update')");
        assertThat(refusal(lake)).startsWith("publication 'tenantlake' leaves operations out");
        lake.sql("ALTER PUBLICATION tenantlake SET (publish = 'insert, update, delete, truncate')");

        lake.sql("ALTER TABLE shop.things RENAME COLUMN note TO _epoch");
        assertThat(refusal(lake))
                .startsWith("table shop.things has a column _epoch, a name that bronze cannot take; expected none of");
        lake.sql(
                "ALTER TABLE shop.things RENAME COLUMN _epoch TO note", "ALTER TABLE shop.things RENAME TO \"Things\"");
        assertThat(refusal(lake))
                .startsWith("table shop.Things has a name that bronze cannot take; expected a-z, 0-9 and _");
        lake.sql(
                "ALTER TABLE shop.\"Things\" RENAME TO things",
                "CREATE TABLE public.things (id int PRIMARY KEY)",
                "ALTER TABLE public.things REPLICA IDENTITY FULL",
                "ALTER PUBLICATION tenantlake ADD TABLE public.things");
        assertThat(refusal(lake)).startsWith("table shop.things has the name of public.things, which is published too");
        assertThat(lake.epochs()).isEmpty();
        assertThat(lake.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + lake.name() + "'"))
                .as("nothing was done to the source")
                .isEqualTo("0");
    }

    @Test
    void refusesASlotOfSomeoneElse(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
        lake.publish("shop.things");
        String drop = "SELECT pg_drop_replication_slot('" + lake.name() + "')";

        lake.query("SELECT pg_create_physical_replication_slot('" + lake.name() + "')");
        assertThat(refusal(lake)).contains("is a physical one", "it belongs to someone else");
        lake.query(drop);
        try (TestLake other = TestLake.create(lake.local())) {
            other.query("SELECT pg_create_logical_replication_slot('" + lake.name() + "', 'pgoutput')");
            assertThat(refusal(lake)).contains("is one of database '" + other.name() + "'", "choose another --slot");
            other.query(drop);
        }
        lake.query("SELECT pg_create_logical_replication_slot('" + lake.name() + "', 'pgoutput')");
        try (Connection reader = lake.config().postgres().openForReplication();
                PGReplicationStream stream = reader.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(lake.name())
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", "tenantlake")
                        .start()) {
            assertThat(stream.isClosed()).isFalse();
            assertThat(refusal(lake)).contains("is read by someone else (server process ", "stop that reader");
        }
        assertThat(refusal(lake))
                .contains("exists, and bucket '" + lake.name() + "' has no epoch", "pg_drop_replication_slot");
        lake.query(drop);
    }

    @Test
    void refusesALakeThatDoesNotFitTheSource(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
        lake.publish("shop.things");
        assertThat(refusal(lake, Map.of("TENANTLAKE_BUCKET", "nowhere"))).startsWith("there is no bucket 'nowhere'");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
        }
        try (TestLake other = TestLake.create(lake.local())) {
            other.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
            other.publish("shop.things");
            assertThat(refusal(lake, Map.of("PGDATABASE", other.name())))
                    .startsWith(
                            "the epochs of bucket '" + lake.name() + "' are those of database '" + lake.name() + "'")
                    .contains("and this is database '" + other.name() + "'");
        }

        String old = "bronze/things/ingest_date=2026-01-31/00000000000000000001-00000.parquet";
        lake.put(old, "");
        assertThat(refusal(lake))
                .startsWith("bronze holds " + old + ", in no partition of epoch_block: this lake is of a version")
                .contains("begin one with an empty bucket or data directory");
        lake.s3().deleteObject(delete -> delete.bucket(lake.name()).key(old));

        lake.sql("INSERT INTO shop.things VALUES (1)");
        lake.query("SELECT pg_replication_slot_advance('" + lake.name() + "', pg_current_wal_lsn())");
        assertThat(refusal(lake)).contains("was read up to", "by someone else", "changes were lost");
        lake.query("SELECT pg_drop_replication_slot('" + lake.name() + "')");
        assertThat(refusal(lake, IngestConfig.ON_LOST_SLOT, "stop"))
                .startsWith("slot '" + lake.name() + "' is gone, and the lake holds epochs up to 1")
                .contains("changes were lost", "--on-lost-slot resnapshot");
    }

    @Test
    void refusesASecondWriter(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
        lake.publish("shop.things");
        try (IngestRun first = IngestRun.start(lake)) {
            first.loaded();
            assertThat(refusal(lake))
                    .startsWith("another cdc-ingest reads slot '" + lake.name() + "' (server process ")
                    .contains("only one may run");
            lake.sql("INSERT INTO shop.things VALUES (1)");
            first.caughtUp();

            // One that got past all that, from another network perhaps, and takes the next number.
            var last = lake.log().latest().orElseThrow();
            lake.log().append(ManifestCopy.withNumber(last, last.epoch() + 1));
            lake.sql("INSERT INTO shop.things VALUES (2)");
            assertThat(first.refusal())
                    .hasMessageContaining("was written by another cdc-ingest; this one stops")
                    .extracting(LakeException::kind)
                    .isEqualTo(LakeException.Kind.IN_USE);
        }
    }

    @Test
    void refusesALoginAndADatabaseThatAreNotThere(TestLake lake) throws Exception {
        assertThat(refusal(lake, Map.of("PGPASSWORD", "wrong"))).contains("refused the login", "check PGUSER");
        assertThat(refusal(
                        lake,
                        Map.of(
                                "PGDATABASE",
                                "nowhere",
                                "PGPASSWORD",
                                lake.local().postgresPassword())))
                .contains("database \"nowhere\" does not exist", "check PGDATABASE");
    }

    @Test
    void refusesASourceThatDoesNotLogWhatItNeeds(TestLake lake, @TempDir Path folder) throws Exception {
        try (OwnPostgres postgres = OwnPostgres.create(lake, folder)) {
            Map<String, String> variables = postgres.variables();
            postgres.start("wal_level=replica");
            assertThat(refusal(lake, variables))
                    .startsWith("the source has wal_level 'replica'; expected 'logical': ALTER SYSTEM SET wal_level");

            // A slot that nobody read for so long that the server removed log which it needs.
            postgres.start("wal_level=logical", "max_slot_wal_keep_size=1MB", "max_wal_size=32MB", "min_wal_size=32MB");
            postgres.sql(
                    "CREATE TABLE things (id int PRIMARY KEY)",
                    "ALTER TABLE things REPLICA IDENTITY FULL",
                    "CREATE PUBLICATION tenantlake FOR TABLE things");
            try (IngestRun run = IngestRun.start(lake, lake.config(variables))) {
                run.loaded();
            }
            postgres.sql(
                    "CREATE TABLE other AS SELECT repeat(md5(g::text), 100) FROM generate_series(1, 15000) g",
                    "SELECT pg_switch_wal()",
                    "CHECKPOINT");
            assertThat(refusal(lake, variables, IngestConfig.ON_LOST_SLOT, "stop"))
                    .startsWith("Postgres removed log that slot '" + lake.name() + "' needs after epoch 1")
                    .contains("max_slot_wal_keep_size", "changes were lost");
            postgres.sql("INSERT INTO things VALUES (1)");
            try (IngestRun run = IngestRun.start(lake, lake.config(variables))) {
                run.reaches(2);
            }
            assertThat(lake.log().read(2).orElseThrow().kind()).isEqualTo(EpochManifest.Kind.SNAPSHOT);
            assertThat(lake.bronze().operations("things")).isEqualTo("tr");
        }
    }
}
