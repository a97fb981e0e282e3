package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.BronzeRows.Row;
import dev.tenantlake.model.EpochManifest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.glue.model.Column;

/** Bronze never stops for a change of a table's definition, and holds each row as it was. */
@ExtendWith(LocalAwsExtension.class)
class SchemaChangeTest {

    private static Map<String, String> glueColumns(TestLake lake, String table) {
        return lake
                .glue()
                .getTable(get -> get.databaseName("bronze").name(table))
                .table()
                .storageDescriptor()
                .columns()
                .stream()
                .filter(column -> !column.name().startsWith("_"))
                .collect(Collectors.toMap(Column::name, Column::type));
    }

    private static List<String> folders(TestLake lake, String table) {
        return lake.epochs().stream()
                .filter(epoch -> epoch.tables().containsKey(table))
                .flatMap(epoch -> epoch.tables().get(table).files().stream())
                .map(file -> file.key().split("/")[1])
                .distinct()
                .toList();
    }

    @Test
    void aWidenedTypeIsReadTogetherWithTheOneBefore(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.widened (id int PRIMARY KEY, a int, b numeric(12,2), c varchar(10), d real)",
                "INSERT INTO shop.widened VALUES (1, 1, 1.5, 'x', 1)");
        lake.publish("shop.widened");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.widened VALUES (2, 2, 2.5, 'y', 2)");
            lake.sql("ALTER TABLE shop.widened ALTER a TYPE bigint, ALTER b TYPE numeric(14,2), ALTER c TYPE text,"
                    + " ALTER d TYPE double precision");
            lake.sql("INSERT INTO shop.widened VALUES (3, 3000000000, 123456789012.25, 'zzzzzzzzzzzz', 3)");
            run.caughtUp();
            assertThat(run.attempts()).isEqualTo(1);
        }
        assertThat(lake.bronze().operations("widened")).isEqualTo("rcc");
        Row last = lake.bronze().of("widened").skip(2).findFirst().orElseThrow();
        assertThat(last.value("a")).isEqualTo(3_000_000_000L);
        assertThat(last.value("b")).hasToString("123456789012.25");
        assertThat(folders(lake, "widened")).containsExactly("widened");
        assertThat(glueColumns(lake, "widened"))
                .containsEntry("a", "bigint")
                .containsEntry("b", "decimal(14,2)")
                .containsEntry("c", "string")
                .containsEntry("d", "double");
        lake.glue()
                .getPartitions(get -> get.databaseName("bronze").tableName("widened"))
                .partitions()
                .forEach(day -> assertThat(day.storageDescriptor().columns())
                        .filteredOn(column -> column.name().equals("a"))
                        .extracting(Column::type)
                        .containsExactly("bigint"));
    }

    @Test
    void anIncompatibleTypeComesUnderATableOfItsOwn(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.changed (id int PRIMARY KEY, code text, amount bigint)",
                "INSERT INTO shop.changed VALUES (1, '7', 1)");
        lake.publish("shop.changed");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("ALTER TABLE shop.changed ALTER code TYPE int USING code::int");
            lake.sql("INSERT INTO shop.changed VALUES (2, 8, 2)");
            lake.sql("ALTER TABLE shop.changed ALTER amount TYPE text");
            lake.sql("INSERT INTO shop.changed VALUES (3, 9, 'many')");
            run.caughtUp();
            lake.sql("ALTER TABLE shop.changed ALTER code TYPE text, ALTER amount TYPE bigint USING id");
            lake.sql("INSERT INTO shop.changed VALUES (4, 'ten', 4)");
            run.caughtUp();
            assertThat(run.attempts()).isEqualTo(1);
        }
        List<Row> rows = lake.bronze().of("changed").toList();
        assertThat(rows).extracting(row -> row.value("code")).containsExactly("7", 8, 9, "ten");
        assertThat(rows).extracting(row -> row.value("amount")).containsExactly(1L, 2L, "many", 4L);
        assertThat(folders(lake, "changed")).containsExactly("changed", "changed__2", "changed__3");
        assertThat(glueColumns(lake, "changed")).containsEntry("code", "string").containsEntry("amount", "bigint");
        assertThat(glueColumns(lake, "changed__2")).containsEntry("code", "int").containsEntry("amount", "bigint");
        assertThat(glueColumns(lake, "changed__3")).containsEntry("code", "int").containsEntry("amount", "string");
    }

    @Test
    void aRenamedColumnIsANewOneBesideTheOld(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.renamed (id int PRIMARY KEY, old text)");
        lake.publish("shop.renamed");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql(
                    "INSERT INTO shop.renamed VALUES (1, 'a')",
                    "ALTER TABLE shop.renamed RENAME COLUMN old TO new",
                    "UPDATE shop.renamed SET new = 'b'");
            run.caughtUp();
        }
        List<Row> rows = lake.bronze().of("renamed").toList();
        assertThat(rows).extracting(row -> row.values().toString()).containsExactly("{id=1, old=a}", "{id=1, new=b}");
        assertThat(glueColumns(lake, "renamed")).containsOnlyKeys("id", "old", "new");
    }

    @Test
    void anotherKeyAndAnotherNameAreFollowed(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.rekeyed (id int PRIMARY KEY, code int NOT NULL)");
        lake.publish("shop.rekeyed");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.rekeyed VALUES (1, 10)", "UPDATE shop.rekeyed SET id = 2");
            lake.sql("ALTER TABLE shop.rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (code)");
            lake.sql("INSERT INTO shop.rekeyed VALUES (2, 11)", "DELETE FROM shop.rekeyed WHERE code = 10");
            run.caughtUp();
            assertThat(run.attempts()).isEqualTo(1);
        }
        assertThat(lake.bronze().operations("rekeyed")).isEqualTo("cucd");
        assertThat(lake.bronze().replay("rekeyed", "code")).containsOnlyKeys(11);
    }

    @Test
    void aTableThatIsDroppedOrTakenOutLeavesTheOthersAlone(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.stays (id int PRIMARY KEY)",
                "CREATE TABLE shop.goes (id int PRIMARY KEY)",
                "CREATE TABLE shop.returns (id int PRIMARY KEY)");
        lake.publish("shop.stays", "shop.goes", "shop.returns");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.goes VALUES (1)", "INSERT INTO shop.returns VALUES (1)");
            lake.sql("DROP TABLE shop.goes", "ALTER PUBLICATION tenantlake DROP TABLE shop.returns");
            lake.sql("INSERT INTO shop.stays VALUES (1)", "INSERT INTO shop.returns VALUES (2)");
            run.carriesNo("goes");
            assertThat(lake.log().latest().orElseThrow().loaded()).containsExactly("stays");
            lake.sql("ALTER PUBLICATION tenantlake ADD TABLE shop.returns", "INSERT INTO shop.returns VALUES (3)");
            run.carries("returns");
            run.caughtUp();
            assertThat(run.attempts()).isEqualTo(1);
        }
        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("stays")).isEqualTo("c");
        assertThat(bronze.operations("goes")).isEqualTo("c");
        assertThat(bronze.operations("returns")).matches("c(c?)trrr");
        assertThat(bronze.replay("returns", "id")).containsOnlyKeys(1, 2, 3);
    }

    @Test
    void aReplicaIdentityThatIsNotFullKeepsThatTableAlone(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.stays (id int PRIMARY KEY)",
                "CREATE TABLE shop.partial (id int PRIMARY KEY, note text NOT NULL, body text)");
        lake.publish("shop.stays", "shop.partial");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql(
                    "INSERT INTO shop.partial SELECT 1, 'a', string_agg(md5(g::text), '') FROM generate_series(1, 400) g",
                    "ALTER TABLE shop.partial REPLICA IDENTITY DEFAULT",
                    "UPDATE shop.partial SET note = 'b'",
                    "INSERT INTO shop.stays VALUES (1)");
            run.carriesNo("partial");
            lake.sql("UPDATE shop.partial SET id = 2");
            lake.sql("ALTER TABLE shop.partial REPLICA IDENTITY FULL");
            run.carries("partial");
            lake.sql("UPDATE shop.partial SET note = 'c'");
            run.caughtUp();
            assertThat(run.attempts()).isEqualTo(1);
        }
        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("stays")).isEqualTo("c");
        assertThat(bronze.operations("partial"))
                .as("the first is passed over if the change was seen before it came")
                .matches("c?" + "tr" + "u");
        Map<String, Object> row = bronze.replay("partial", "id").get(2);
        assertThat(row).containsEntry("note", "c");
        assertThat(row.get("body")).asString().hasSize(12_800);
    }

    @Test
    void whatWasRolledBackIsNotThereAndWhatCommittedLaterComesWhole(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.saved (id int PRIMARY KEY)");
        lake.publish("shop.saved");
        try (IngestRun run = IngestRun.start(lake);
                Connection other = lake.connect();
                Statement held = other.createStatement()) {
            run.loaded();
            other.setAutoCommit(false);
            held.execute("INSERT INTO shop.saved VALUES (100)");
            lake.sql("BEGIN; INSERT INTO shop.saved VALUES (1); ROLLBACK");
            lake.transaction(
                    "INSERT INTO shop.saved VALUES (2)",
                    "SAVEPOINT a",
                    "INSERT INTO shop.saved VALUES (3)",
                    "ROLLBACK TO SAVEPOINT a",
                    "INSERT INTO shop.saved VALUES (4)",
                    "SAVEPOINT b",
                    "INSERT INTO shop.saved VALUES (5)",
                    "RELEASE SAVEPOINT b");
            EpochManifest before = run.caughtUp();
            assertThat(lake.bronze().of("saved").map(row -> row.value("id"))).containsExactly(2, 4, 5);
            held.execute("INSERT INTO shop.saved VALUES (101)");
            other.commit();
            run.caughtUp();
            List<Row> late = lake.bronze().of("saved").skip(3).toList();
            assertThat(late).extracting(row -> row.value("id")).containsExactly(100, 101);
            assertThat(late).extracting(Row::epoch).allMatch(epoch -> epoch > before.epoch());
        }
    }
}
