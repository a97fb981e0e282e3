package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.EpochManifest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A transaction of a million rows is one epoch, in a process with half a gigabyte of heap. */
@ExtendWith(LocalAwsExtension.class)
class LargeTransactionTest {

    private static final long ROWS = 1_000_000;

    @Test
    void isOneEpoch(TestLake lake, @TempDir Path folder) throws Exception {
        lake.sql(
                "CREATE TABLE shop.large (id int PRIMARY KEY, note text)",
                "CREATE TABLE shop.small (id int PRIMARY KEY)");
        lake.publish("shop.large", "shop.small");
        try (IngestProcess ingest = IngestProcess.start(lake, folder)) {
            Await.until("the snapshot", () -> lake.log().latestEpoch() > 0);
            lake.sql("INSERT INTO shop.small VALUES (1)");
            lake.transaction(
                    "INSERT INTO shop.large SELECT g, md5(g::text) || md5((-g)::text) FROM generate_series(1, " + ROWS
                            + ") g",
                    "INSERT INTO shop.small VALUES (2)");
            lake.sql("INSERT INTO shop.small VALUES (3)");
            var barrier = lake.barrier();
            Await.until("the barrier", () -> {
                assertThat(ingest.isAlive()).as(ingest.output()).isTrue();
                return lake.log().latest().orElseThrow().lastLsn().compareTo(barrier) >= 0;
            });
            assertThat(ingest.output()).doesNotContain("event=retry");
            ingest.terminate();
            assertThat(ingest.exitCode()).isZero();
        }
        List<EpochManifest> holding = lake.epochs().stream()
                .filter(epoch -> epoch.tables().containsKey("large"))
                .toList();
        assertThat(holding).hasSize(1);
        EpochManifest epoch = holding.get(0);
        assertThat(epoch.tables().get("large").files().stream()
                        .mapToLong(EpochManifest.DataFile::rows)
                        .sum())
                .isEqualTo(ROWS);
        BronzeRows small = BronzeRows.read(
                lake.s3(),
                lake.name(),
                lake.epochs().stream()
                        .filter(one -> one.epoch() != epoch.epoch())
                        .toList());
        assertThat(small.of("small").map(row -> row.value("id"))).doesNotHaveDuplicates();
        assertThat(epoch.tables().get("small").rows() + small.of("small").count())
                .isEqualTo(3);
        assertThat(lake.query("SELECT count(*) FROM shop.large")).isEqualTo(String.valueOf(ROWS));
    }
}
