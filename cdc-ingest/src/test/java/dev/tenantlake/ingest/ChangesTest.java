package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.BronzeRows.Row;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.SourceTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.Table;

/** What becomes of each kind of change. */
@ExtendWith(LocalAwsExtension.class)
class ChangesTest {

    /** Incompressible, and so stored apart from its row. */
    private static final String LARGE = "(SELECT string_agg(md5(g::text || '%s'), '') FROM generate_series(1, 400) g)";

    @Test
    void carryTheWholeRowBeforeAndAfter(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.notes (id int PRIMARY KEY, title text, body text, tags text[])");
        lake.publish("shop.notes");
        lake.sql("INSERT INTO shop.notes VALUES (1, 'first', " + String.format(LARGE, "a") + ", NULL)");
        String body = lake.query("SELECT body FROM shop.notes");
        assertThat(body).hasSize(12_800);
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("UPDATE shop.notes SET title = 'second'");
            lake.sql("UPDATE shop.notes SET id = 2");
            lake.sql("DELETE FROM shop.notes");
            run.caughtUp();
        }

        List<Row> rows = lake.bronze().of("notes").toList();
        assertThat(rows).extracting(Row::operation).containsExactly("r", "u", "d", "c", "d");
        assertThat(rows).extracting(row -> row.value("id")).containsExactly(1, 1, 1, 2, 2);
        assertThat(rows)
                .extracting(row -> row.value("title"))
                .containsExactly("first", "second", "second", "second", "second");
        assertThat(rows)
                .as("a value that is stored apart, unchanged or deleted")
                .allSatisfy(row -> assertThat(row.value("body")).isEqualTo(body));
        assertThat(rows.get(2).lsn())
                .as("both rows of a key change")
                .isEqualTo(rows.get(3).lsn());
    }

    @Test
    void stampEachRowWithItsTransaction(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.marks (id int PRIMARY KEY)");
        lake.publish("shop.marks");
        String transaction;
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            transaction = lake.query("INSERT INTO shop.marks VALUES (1), (2) RETURNING pg_current_xact_id()");
            run.caughtUp();
        }

        List<Row> rows = lake.bronze().of("marks").toList();
        EpochManifest epoch = lake.log().read(rows.get(0).epoch()).orElseThrow();
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.transaction()).isEqualTo(Long.parseLong(transaction));
            assertThat(row.lsn()).isEqualTo(epoch.firstLsn().value());
            assertThat(row.committedAt()).isEqualTo(epoch.firstCommittedAt());
        });
        assertThat(rows).extracting(Row::ordinal).containsExactly(0L, 1L);
        assertThat(epoch.firstCommittedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(epoch.kind()).isEqualTo(EpochManifest.Kind.STREAM);
    }

    @Test
    void moveARowWhoseMonthChanges(TestLake lake) throws Exception {
        createSourceTable(lake, SourceTable.ORDERS);
        lake.publish("shop.orders");
        lake.sql("INSERT INTO shop.orders VALUES (3, 1, 7, 'paid', 'EUR', 10.00, '2026-05-01', now(), now())");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("UPDATE shop.orders SET total_amount = 11.00");
            lake.sql("UPDATE shop.orders SET ordered_at = '2026-06-01', total_amount = 12.00");
            run.caughtUp();
        }

        List<Row> rows = lake.bronze().of("orders").toList();
        assertThat(rows).extracting(Row::operation).containsExactly("r", "u", "d", "c");
        assertThat(rows)
                .extracting(row -> row.value("total_amount").toString())
                .containsExactly("10.00", "11.00", "11.00", "12.00");
        assertThat(rows)
                .extracting(
                        row -> ((Instant) row.value("ordered_at")).toString().substring(0, 7))
                .containsExactly("2026-05", "2026-05", "2026-05", "2026-06");
    }

    @Test
    void makeATruncateOneRow(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.gone (id int PRIMARY KEY, name text NOT NULL)");
        lake.sql("CREATE TABLE shop.kept (id int PRIMARY KEY)");
        lake.publish("shop.gone", "shop.kept");
        lake.sql("INSERT INTO shop.gone VALUES (1, 'a'), (2, 'b')");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.transaction(
                    "INSERT INTO shop.gone VALUES (3, 'c')",
                    "TRUNCATE shop.gone, shop.kept",
                    "INSERT INTO shop.gone VALUES (4, 'd')");
            run.caughtUp();
        }

        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("gone")).isEqualTo("rrctc");
        assertThat(bronze.operations("kept")).isEqualTo("t");
        assertThat(bronze.of("gone").skip(3).findFirst().orElseThrow().values()).isEmpty();
        assertThat(bronze.replay("gone", "id")).containsOnlyKeys(4);
        EpochManifest epoch = lake.log().read(2).orElseThrow();
        assertThat(epoch.tables().get("gone").truncated()).isTrue();
        assertThat(epoch.tables().get("gone").rows()).isEqualTo(3);
        assertThat(lake.log().read(1).orElseThrow().tables().get("gone").truncated())
                .isFalse();
    }

    @Test
    void followTheTablesColumns(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.altered (id int PRIMARY KEY, old text NOT NULL DEFAULT 'o')");
        lake.publish("shop.altered");
        lake.sql("INSERT INTO shop.altered VALUES (1, 'x')");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.transaction(
                    "INSERT INTO shop.altered VALUES (2, 'y')",
                    "ALTER TABLE shop.altered ADD COLUMN price numeric(12,2) DEFAULT 1.00",
                    "INSERT INTO shop.altered VALUES (3, 'z', 2.50)");
            lake.sql("ALTER TABLE shop.altered DROP COLUMN old", "INSERT INTO shop.altered VALUES (4, NULL)");
            run.caughtUp();
        }

        Map<Object, Map<String, Object>> rows = lake.bronze().replay("altered", "id");
        assertThat(rows.get(2)).containsOnlyKeys("id", "old");
        assertThat(rows.get(3))
                .hasEntrySatisfying("price", price -> assertThat(price).hasToString("2.50"));
        assertThat(rows.get(4)).containsOnlyKeys("id");

        EpochManifest epoch = lake.log().read(2).orElseThrow();
        Set<List<String>> schemas = lake.epochs().stream()
                .flatMap(manifest -> manifest.schemas().values().stream())
                .map(schema -> schema.columns().stream().map(BronzeColumn::name).toList())
                .collect(Collectors.toSet());
        assertThat(schemas)
                .containsExactlyInAnyOrder(List.of("id", "old"), List.of("id", "old", "price"), List.of("id", "price"));
        assertThat(epoch.tables().get("altered").files())
                .extracting(DataFile::schemaId)
                .doesNotHaveDuplicates();
        lake.epochs()
                .forEach(manifest -> manifest.tables().values().stream()
                        .map(TableSlice::files)
                        .flatMap(List::stream)
                        .forEach(file -> assertThat(manifest.schemas()).containsKey(file.schemaId())));

        Table table = lake.glue()
                .getTable(get -> get.databaseName("bronze").name("altered"))
                .table();
        List<String> expected = new ArrayList<>(List.of("id:int", "old:string", "price:decimal(12,2)"));
        BronzeColumns.ALL.forEach(column -> expected.add(column.name() + ":" + column.glueType()));
        assertThat(table.storageDescriptor().columns())
                .extracting(column -> column.name() + ":" + column.type())
                .isEqualTo(expected);
        assertThat(table.partitionKeys())
                .extracting(Column::name)
                .containsExactly(BronzeColumns.INGEST_DATE, BronzeColumns.EPOCH_BLOCK);
        assertThat(lake.glue()
                        .getPartitions(get -> get.databaseName("bronze").tableName("altered"))
                        .partitions())
                .extracting(Partition::values)
                .contains(List.of(epoch.ingestDate().toString(), "0"));
    }

    @Test
    void areWholeTransactionsHoweverLarge(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.many (id int PRIMARY KEY, batch int, body text)");
        lake.publish("shop.many");
        try (IngestRun run = IngestRun.start(lake, lake.config(IngestConfig.EPOCH_ROWS, "100"))) {
            run.loaded();
            // Beyond what waits in memory.
            lake.sql("INSERT INTO shop.many SELECT g, 0, repeat(md5(g::text), 30) FROM generate_series(1, 20000) g");
            for (int batch = 1; batch <= 40; batch++) {
                lake.sql("INSERT INTO shop.many SELECT " + batch * 100_000 + " + g, " + batch
                        + ", 'x' FROM generate_series(1, 50) g");
            }
            run.caughtUp();
        }

        Map<Object, Set<Long>> epochsOfBatch = new HashMap<>();
        List<Row> rows = lake.bronze().of("many").toList();
        rows.forEach(row -> epochsOfBatch
                .computeIfAbsent(row.value("batch"), batch -> new HashSet<>())
                .add(row.epoch()));
        assertThat(epochsOfBatch)
                .hasSize(41)
                .allSatisfy((batch, epochs) -> assertThat(epochs).hasSize(1));
        assertThat(rows)
                .extracting(row -> row.value("id"))
                .doesNotHaveDuplicates()
                .hasSize(22_000);
        assertThat(rows.stream().filter(row -> row.value("batch").equals(0)).map(row -> row.value("id")))
                .as("in the order of the transaction")
                .isSorted();
        assertThat(lake.epochs()).allSatisfy(epoch -> {
            List<Long> ordinals = rows.stream()
                    .filter(row -> row.epoch() == epoch.epoch())
                    .map(Row::ordinal)
                    .toList();
            assertThat(ordinals).doesNotHaveDuplicates().hasSize((int) epoch.rows());
        });
    }

    @Test
    void outsideOurTablesAreProgressWithoutRows(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.ours (id int PRIMARY KEY)", "CREATE TABLE shop.theirs (id int PRIMARY KEY)");
        lake.publish("shop.ours");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            Lsn barrier = lake.barrier();
            EpochManifest marked = run.holds(barrier);
            assertThat(marked.epoch()).isEqualTo(2);
            assertThat(marked.rows()).isZero();
            assertThat(marked.tables()).isEmpty();
            assertThat(marked.lastLsn()).isGreaterThanOrEqualTo(barrier);
            Await.until(
                    "the slot follows",
                    () -> lake.query("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                                    + lake.name() + "'")
                            .equals(marked.lastLsn().toString()));

            lake.sql("INSERT INTO shop.theirs VALUES (1)", "SELECT pg_logical_emit_message(false, 'other', 'x')");
            Await.pass(Duration.ofMillis(500));
            assertThat(lake.log().latestEpoch())
                    .as("nothing of ours was committed")
                    .isEqualTo(2);
            lake.transaction("SELECT pg_logical_emit_message(true, 'other', 'x')", "INSERT INTO shop.ours VALUES (1)");
            run.caughtUp();
        }
        assertThat(lake.bronze().operations("ours")).isEqualTo("c");
    }

    @Test
    void ofPartitionsAreCarriedToo(TestLake lake) throws Exception {
        lake.sql(
                "CREATE TABLE shop.parted (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE shop.parted_may PARTITION OF shop.parted FOR VALUES FROM ('2026-05-01') TO ('2026-06-01')",
                "CREATE TABLE shop.parted_rest PARTITION OF shop.parted DEFAULT",
                "ALTER TABLE shop.parted_may REPLICA IDENTITY FULL",
                "ALTER TABLE shop.parted_rest REPLICA IDENTITY FULL");
        lake.publish("shop.parted");
        lake.sql("ALTER PUBLICATION tenantlake SET (publish_via_partition_root = true)");
        lake.sql("INSERT INTO shop.parted VALUES (1, '2026-05-01'), (2, '2026-07-01')");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.parted VALUES (3, '2026-05-02')", "DELETE FROM shop.parted WHERE id = 1");
            run.caughtUp();
        }
        BronzeRows bronze = lake.bronze();
        assertThat(bronze.operations("parted")).isEqualTo("rrcd");
        assertThat(bronze.replay("parted", "id")).containsOnlyKeys(2, 3);
    }

    @Test
    void ofTheLakesOwnTablesHaveItsTypes(TestLake lake) throws Exception {
        SourceTable.ALL.forEach(table -> createSourceTable(lake, table));
        lake.publish(SourceTable.ALL.stream().map(SourceTable::qualifiedName).toArray(String[]::new));
        try (IngestRun run = IngestRun.start(lake)) {
            EpochManifest snapshot = run.loaded();
            assertThat(snapshot.rows()).isZero();
            assertThat(snapshot.schemas().values()).as("empty tables too").hasSize(SourceTable.ALL.size());
            for (BronzeSchema schema : snapshot.schemas().values()) {
                SourceTable table = SourceTable.named(schema.table()).orElseThrow();
                assertThat(schema.columns())
                        .isEqualTo(table.columns().stream()
                                .map(column -> new BronzeColumn(
                                        column.name(), column.type().glueType()))
                                .toList());
            }
            lake.sql("INSERT INTO shop.products SELECT 1, 1, 'sku', 'n', 'c', 1, 1, 1, true, '{a}', now(), now()");
            EpochManifest streamed = run.caughtUp();
            EpochManifest insert = lake.epochs().stream()
                    .filter(epoch -> epoch.tables().containsKey("products"))
                    .findFirst()
                    .orElse(streamed);
            assertThat(snapshot.schemas()).containsAllEntriesOf(insert.schemas());
        }
    }

    private static void createSourceTable(TestLake lake, SourceTable table) {
        String columns = table.columns().stream()
                .map(column -> column.name() + " " + sqlType(column.type()) + (column.nullable() ? "" : " NOT NULL"))
                .collect(Collectors.joining(", "));
        lake.sql("CREATE TABLE " + table.qualifiedName() + " (" + columns + ", PRIMARY KEY ("
                + String.join(", ", table.primaryKey()) + "))");
    }

    private static String sqlType(ColumnType type) {
        return switch (type) {
            case MONEY -> "numeric(12,2)";
            case INSTANT -> "timestamptz";
            case JSON -> "jsonb";
            case TEXT_ARRAY -> "text[]";
            default -> type.name();
        };
    }
}
