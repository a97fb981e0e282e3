package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.BronzeRows.Row;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.glue.model.Partition;

/** What becomes of the small files of a block of epochs that is finished. */
@ExtendWith(LocalAwsExtension.class)
class SettlingTest {

    private static final int BLOCK = (int) BronzeColumns.EPOCHS_PER_BLOCK;

    /** And a process that died before the catalog was told of its files is no hindrance. */
    @Test
    void givesQueriesTheSameRowsInFewFiles(TestLake lake) {
        lake.sql(
                "CREATE TABLE shop.busy (id int PRIMARY KEY, amount numeric(12,2), total numeric(30,4), at timestamptz,"
                        + " noted timestamp, tag uuid, body jsonb, note text)",
                "CREATE TABLE shop.seldom (id int PRIMARY KEY)");
        lake.publish("shop.busy", "shop.seldom");
        lake.sql("INSERT INTO shop.busy (id, note) VALUES (0, 'of the snapshot')");
        EpochManifest before;
        try (IngestRun run = start(lake)) {
            run.loaded();
            change(lake, run, 1, 100);
            lake.sql("INSERT INTO shop.seldom VALUES (1)", "ALTER TABLE shop.busy ADD COLUMN later text DEFAULT 'new'");
            change(lake, run, 101, 200);
            before = run.caughtUp();
        }
        assertThat(before.epoch()).isLessThan(BLOCK - 1);
        String left = LakeLayout.settledPartitionPrefix("busy", before.ingestDate(), 1) + "left-by-a-dead-one.parquet";
        lake.put(left, "half a file");

        try (IngestRun run = start(lake)) {
            change(lake, run, 201, BLOCK + 10);
            awaitSettled(lake, "busy");
        }
        assertThat(settled(lake, "busy")).as("one for each schema").hasSize(2).doesNotContain(left);
        assertThat(rowsOf(lake, "busy", settled(lake, "busy"))).isEqualTo(rowsOfFirstBlock(lake, "busy"));
        assertThat(locations(lake, "busy", 1))
                .as("the block that is not finished")
                .hasSize(1)
                .noneMatch(location -> location.contains("/settled/"));
        assertThat(locations(lake, "seldom", 0))
                .as("few files are few enough")
                .noneMatch(location -> location.contains("/settled/"));
    }

    private static IngestRun start(TestLake lake) {
        return IngestRun.start(lake);
    }

    /** Each change is an epoch. */
    private static void change(TestLake lake, IngestRun run, int from, int to) {
        for (int id = from; id <= to; id++) {
            long last = lake.log().latestEpoch();
            lake.sql("INSERT INTO shop.busy (id, amount, total, at, noted, tag, body, note) VALUES (" + id
                    + ", 12.25, 0.0001, now(), localtimestamp, gen_random_uuid(), '{\"a\": 1}', 'note')");
            run.reaches(last + 1);
        }
    }

    private static void awaitSettled(TestLake lake, String table) {
        Await.until(
                "the first block is settled",
                () -> locations(lake, table, 0).stream()
                        .allMatch(location -> location.startsWith(
                                lake.layout().uri(LakeLayout.bronzePrefix(table)) + "settled/ingest_date=")));
    }

    /** Where the catalog says that the files of a block are. */
    private static List<String> locations(TestLake lake, String table, long block) {
        return lake
                .glue()
                .getPartitionsPaginator(get -> get.databaseName("bronze").tableName(table))
                .stream()
                .flatMap(page -> page.partitions().stream())
                .filter(partition -> partition.values().get(1).equals(Long.toString(block)))
                .map(Partition::storageDescriptor)
                .map(storage -> storage.location())
                .toList();
    }

    private static List<String> settled(TestLake lake, String table) {
        return lake.keys().stream()
                .filter(key -> key.startsWith(LakeLayout.bronzePrefix(table) + "settled/"))
                .toList();
    }

    private static List<Row> rowsOf(TestLake lake, String table, List<String> keys) {
        return BronzeRows.read(lake.s3(), lake.name(), table, keys).rows();
    }

    private static List<Row> rowsOfFirstBlock(TestLake lake, String table) {
        return lake.bronze()
                .of(table)
                .filter(row -> BronzeColumns.epochBlock(row.epoch()) == 0)
                .toList();
    }
}
