package dev.tenantlake.etl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiMaintenance;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.hudi.Retention;
import dev.tenantlake.etl.s3.S3Requests;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.S3Object;

@ExtendWith(LakeExtension.class)
class HudiMaintenanceTest {

    private static final HudiTable COUNTERS = new HudiTable(
            Layer.SILVER,
            "counters",
            List.of("tenant_id", "id"),
            List.of("tenant_id"),
            List.of(new Column("tenant_id", "bigint"), new Column("id", "bigint"), new Column("value", "bigint")));
    private static final long TENANTS = 2;
    private static final int COMMITS = 200;
    private static final Retention TEN = new Retention(10, Duration.ZERO);

    @Test
    void boundsTimelineAndFilesHoweverManyCommitsThereAre(TestLake lake) throws IOException {
        lake.hudi().claimed(Layer.SILVER, () -> {});
        HudiMaintenance maintenance = new HudiMaintenance(lake.hudi(), TEN, Clock.systemUTC());
        long most = 0;
        for (long epoch = 1; epoch <= COMMITS; epoch++) {
            commit(lake, epoch);
            if (epoch % 5 == 0) {
                maintenance.maintain(COUNTERS, Long.MAX_VALUE);
                most = Math.max(most, timelineObjects(lake));
            }
        }
        // Three objects an instant; commits, and cleanings beside them: of each the kept ones, a step and what is due.
        assertThat(most).isLessThan(2 * 3 * 45);
        assertThat(dataFiles(lake)).isLessThan(TENANTS * 45);

        // Of its own timeline, a process remembers what anybody else reads.
        HudiLake restarted = restarted(lake);
        HudiTimeline timeline = new HudiTimeline(restarted);
        for (HudiLake present : List.of(lake.hudi(), restarted)) {
            assertThat(new HudiTimeline(present).latest(COUNTERS))
                    .map(HudiCommit::epoch)
                    .hasValue((long) COMMITS);
            assertThat(valuesAsOf(present, COMMITS)).containsOnly((long) COMMITS);
            assertThat(valuesAsOf(present, COMMITS - 5)).containsOnly(COMMITS - 5L);
        }

        // Nothing comes any more: what is there stays, and the table knows its epoch for ever.
        for (int round = 0; round < 3; round++) {
            assertThat(new HudiMaintenance(restarted, TEN, Clock.systemUTC()).maintain(COUNTERS, Long.MAX_VALUE))
                    .isEqualTo(new HudiMaintenance.Result(0, 0));
        }
        assertThat(timeline.latest(COUNTERS)).map(HudiCommit::epoch).hasValue((long) COMMITS);

        // What a commit asks for does not depend on how many there were.
        long listed = lists(lake);
        commit(lake, COMMITS + 1);
        assertThat(lists(lake)).isEqualTo(listed);
        assertThat(valuesAsOf(restarted(lake), COMMITS + 1)).containsOnly(COMMITS + 1L);
    }

    @Test
    void keepsTheEpochThatIsStillToBeRead(TestLake lake) {
        HudiMaintenance maintenance = new HudiMaintenance(lake.hudi(), TEN, Clock.systemUTC());
        for (long epoch = 1; epoch <= 60; epoch++) {
            commit(lake, epoch);
            maintenance.maintain(COUNTERS, 7);
        }
        assertThat(valuesAsOf(lake.hudi(), 7)).containsOnly(7L);

        maintenance.maintain(COUNTERS, Long.MAX_VALUE);
        assertThat(dataFiles(lake)).isLessThan(TENANTS * 45);
        assertThat(valuesAsOf(lake.hudi(), 60)).containsOnly(60L);
    }

    @Test
    void keepsWhatIsYoung(TestLake lake) {
        HudiMaintenance maintenance =
                new HudiMaintenance(lake.hudi(), new Retention(2, Duration.ofHours(1)), Clock.systemUTC());
        for (long epoch = 1; epoch <= 40; epoch++) {
            commit(lake, epoch);
            maintenance.maintain(COUNTERS, Long.MAX_VALUE);
        }
        assertThat(valuesAsOf(lake.hudi(), 1)).containsOnly(1L);
    }

    @Test
    void runsBesideTheCommits(TestLake lake) {
        lake.hudi().claimed(Layer.SILVER, () -> {});
        commit(lake, 1);
        HudiMaintenance maintenance =
                new HudiMaintenance(lake.hudi(), new Retention(2, Duration.ZERO), Clock.systemUTC());
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<List<HudiMaintenance.Result>> beside = CompletableFuture.supplyAsync(() -> {
            List<HudiMaintenance.Result> results = new ArrayList<>();
            while (!done.get()) {
                results.add(maintenance.maintain(COUNTERS, Long.MAX_VALUE));
            }
            return results;
        });
        for (long epoch = 2; epoch <= 80; epoch++) {
            commit(lake, epoch);
        }
        done.set(true);
        List<HudiMaintenance.Result> results = beside.join();

        assertThat(results).anySatisfy(result -> assertThat(result.files()).isPositive());
        assertThat(results).anySatisfy(result -> assertThat(result.instants()).isPositive());
        assertThat(valuesAsOf(lake.hudi(), 80)).containsOnly(80L).hasSize((int) TENANTS * 3);
        assertThat(lake.rows(COUNTERS)).allSatisfy(row -> assertThat(row).containsEntry("value", 80L));
    }

    /** The commit of a process that died is known by its files' names: there is nothing else that names them. */
    @Test
    void clearsAwayTheFilesOfACommitThatDied(TestLake lake) {
        commit(lake, 1);
        commit(lake, 2);
        String dead =
                new HudiTimeline(lake.hudi()).latest(COUNTERS).orElseThrow().instant();
        assertThat(keys(lake, COUNTERS.key() + "/")).anyMatch(key -> key.endsWith("_" + dead + ".parquet"));
        lake.loseLastCommit(COUNTERS);

        commit(lake, 3);
        assertThat(keys(lake, COUNTERS.key() + "/")).noneMatch(key -> key.endsWith("_" + dead + ".parquet"));
        assertThat(valuesAsOf(lake.hudi(), 3)).containsOnly(3L).hasSize((int) TENANTS * 3);
        assertThat(lake.rows(COUNTERS))
                .hasSize((int) TENANTS * 3)
                .allSatisfy(row -> assertThat(row).containsEntry("value", 3L));
    }

    /** A process that has gone on for a while after another became the writer. */
    @Test
    void writesNothingOnceAnotherIsTheWriter(TestLake lake) {
        HudiLake first = claimed(lake);
        commit(first, 1);
        commit(first, 2);
        HudiLake second = claimed(lake);
        commit(second, 3);

        assertThatThrownBy(() -> commit(first, 4))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("another lake-job has become the writer of silver");
        assertThat(valuesAsOf(restarted(lake), 4)).containsOnly(3L).hasSize((int) TENANTS * 3);

        commit(second, 4);
        commit(second, 5);
        assertThat(valuesAsOf(restarted(lake), 5)).containsOnly(5L).hasSize((int) TENANTS * 3);
    }

    @Test
    void readsTheTimelineAgainAfterACommitThatFailed(TestLake lake) {
        AtomicBoolean failing = new AtomicBoolean();
        HudiLake begun = restarted(lake);
        begun.claimed(Layer.SILVER, () -> fail(failing, "begun"));
        commit(begun, 1);
        commit(begun, 2);
        failing.set(true);
        assertThatThrownBy(() -> commit(begun, 3)).hasMessage("begun");
        assertThat(new HudiTimeline(begun).latest(COUNTERS))
                .map(HudiCommit::epoch)
                .hasValue(2L);
        commit(begun, 3);
        assertThat(valuesAsOf(restarted(lake), 3)).containsOnly(3L).hasSize((int) TENANTS * 3);

        // Made, although who made it never hears of it.
        HudiLake made = new HudiLake(begun.spark(), begun.address(""), (table, commit) -> fail(failing, "made"));
        made.claimed(Layer.SILVER, () -> {});
        commit(made, 4);
        failing.set(true);
        assertThatThrownBy(() -> commit(made, 5)).hasMessage("made");
        assertThat(new HudiTimeline(made).latest(COUNTERS))
                .map(HudiCommit::epoch)
                .hasValue(5L);
        commit(made, 6);
        assertThat(valuesAsOf(restarted(lake), 6)).containsOnly(6L).hasSize((int) TENANTS * 3);
    }

    private static void fail(AtomicBoolean failing, String where) {
        if (failing.getAndSet(false)) {
            throw new IllegalStateException(where);
        }
    }

    /** The lake as a process has it that was just started. */
    private static HudiLake restarted(TestLake lake) {
        return new HudiLake(lake.hudi().spark(), lake.hudi().address(""));
    }

    /** The lake as a process has it that has just become the writer of silver. */
    private static HudiLake claimed(TestLake lake) {
        WriterClaim claim = new WriterClaim(lake.s3(), lake.layout(), Layer.SILVER);
        claim.take();
        HudiLake own = restarted(lake);
        own.claimed(Layer.SILVER, claim::check);
        return own;
    }

    private static void commit(TestLake lake, long epoch) {
        commit(lake.hudi(), epoch);
    }

    /** Gives all rows the epoch as their value. */
    private static void commit(HudiLake lake, long epoch) {
        List<Row> rows = LongStream.rangeClosed(1, TENANTS)
                .boxed()
                .flatMap(tenant -> Stream.of(1L, 2L, 3L).map(id -> RowFactory.create(tenant, id, epoch, false)))
                .toList();
        Dataset<Row> written =
                lake.spark().createDataFrame(rows, COUNTERS.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType));
        HudiWriter.Operation operation = epoch == 1 ? HudiWriter.Operation.BULK_INSERT : HudiWriter.Operation.UPSERT;
        HudiCommit commit = new HudiWriter(lake).write(COUNTERS, written, operation, epoch);
        assertThat(commit.epoch()).isEqualTo(epoch);
        assertThat(commit.rows()).isEqualTo(rows.size());
    }

    private static List<Long> valuesAsOf(HudiLake lake, long epoch) {
        HudiFiles files = new HudiFiles(lake);
        return files
                .read(COUNTERS, new HudiTimeline(lake).at(COUNTERS, epoch), files.partitionsBelow(COUNTERS, ""))
                .collectAsList()
                .stream()
                .map(row -> row.<Long>getAs("value"))
                .toList();
    }

    /** How often this process has listed objects of S3 by Hadoop's connector. */
    private static long lists(TestLake lake) throws IOException {
        Configuration configuration = lake.hudi().spark().sparkContext().hadoopConfiguration();
        return new S3Requests(URI.create(lake.hudi().address("")), configuration)
                .count()
                .get("list");
    }

    private static long timelineObjects(TestLake lake) {
        return keys(lake, COUNTERS.key() + "/.hoodie/")
                .filter(key -> !key.substring(COUNTERS.key().length() + 9).contains("/"))
                .count();
    }

    private static long dataFiles(TestLake lake) {
        return keys(lake, COUNTERS.key() + "/tenant_id=")
                .filter(key -> key.endsWith(".parquet"))
                .count();
    }

    private static Stream<String> keys(TestLake lake, String prefix) {
        return lake
                .s3()
                .listObjectsV2Paginator(
                        list -> list.bucket(lake.layout().bucket()).prefix(prefix))
                .contents()
                .stream()
                .map(S3Object::key);
    }
}
