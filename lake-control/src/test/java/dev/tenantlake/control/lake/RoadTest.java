package dev.tenantlake.control.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.control.process.SmallProcess;
import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.SilverAudit;
import dev.tenantlake.model.TableQuality;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The barrier and the status on a real Postgres and S3; the stages' own records are written by the test. */
class RoadTest {

    private static final Instant COMMITTED = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private static Path folder;

    private static LocalAwsProcess localAws;
    private static DataDirectory directory;

    private RunningLake lake;
    private AwsClients clients;
    private S3Client s3;
    private Connection source;

    @BeforeAll
    static void startLocalAws() {
        localAws = LocalAwsProcess.start(folder, false);
        directory = new DataDirectory(folder);
        directory.create();
    }

    @AfterAll
    static void stopLocalAws() {
        localAws.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        record(ProcessIdentity.current());
        lake = RunningLake.require(directory);
        clients = lake.adminClients();
        s3 = clients.s3();
        source = lake.connect();
        emptyBucket();
    }

    @AfterEach
    void disconnect() throws SQLException {
        source.close();
        clients.close();
    }

    @Test
    void theBarrierFollowsTheMarkStageByStage() {
        epoch(1, new Lsn(16));
        Barrier barrier = Barrier.commit(clients, source);
        assertThat(barrier.lsn()).isGreaterThan(new Lsn(16));
        assertThat(barrier.progress().behind().orElseThrow()).contains("bronze").contains("last epoch is 1");

        epoch(2, new Lsn(barrier.lsn().value() - 1));
        assertThat(barrier.progress().behind().orElseThrow()).contains("last epoch is 2");

        epoch(3, barrier.lsn());
        epoch(4, new Lsn(barrier.lsn().value() + 100));
        layer(Layer.SILVER, 2, "tenants", 1);
        assertThat(barrier.progress().behind().orElseThrow()).contains("silver is at epoch 2 of 3");

        layer(Layer.SILVER, 3, "tenants", 3);
        assertThat(barrier.progress().behind().orElseThrow()).contains("gold is at epoch 0 of 3");

        layer(Layer.GOLD, 4, "revenue_daily", 2);
        grants(1, List.of("silver.tenants"), "acme");
        assertThat(barrier.progress().behind().orElseThrow())
                .contains("grants")
                .contains("epoch 1")
                .contains("epoch 3");

        grants(3, List.of("silver.tenants"), "acme", "globex");
        assertThat(barrier.progress().behind().orElseThrow()).contains("grants").contains("gold.revenue_daily");

        grants(3, List.of("gold.revenue_daily", "silver.tenants"), "acme", "globex");
        List<Barrier.Progress> told = new ArrayList<>();
        assertThat(barrier.await(Duration.ofMinutes(1), told::add).epoch()).hasValue(3);
        assertThat(told)
                .singleElement()
                .satisfies(end -> assertThat(end.behind()).isEmpty());
    }

    @Test
    void theBarrierNamesTheStageThatIsBehindWhenTimeIsUp() {
        Barrier barrier = Barrier.commit(clients, source);
        epoch(1, barrier.lsn());
        assertThatThrownBy(() -> barrier.await(Duration.ofMillis(1), progress -> {}))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.TIMEOUT))
                .hasMessageContaining("silver is at epoch 0 of 1")
                .hasMessageContaining("etl-jobs");
    }

    @Test
    void theBarrierIsATransactionThatTheChangeStreamCarries() throws SQLException {
        execute("select pg_create_logical_replication_slot('barrier', 'pgoutput')");
        execute("create publication everything for all tables");
        Barrier.commit(clients, source);
        try {
            // Decoding follows what is flushed, and without synchronous commits that is a moment later.
            SmallProcess.await("the mark is in the stream", () -> marksInStream() == 1);
        } finally {
            execute("select pg_drop_replication_slot('barrier')");
            execute("drop publication everything");
        }
    }

    @Test
    void statusTellsTheLagTheLayersAndTheTenants() throws SQLException {
        execute("select pg_create_logical_replication_slot('tenantlake', 'pgoutput')");
        execute("create table lag as select generate_series(1, 10000)");
        epoch(1, new Lsn(16));
        epoch(2, new Lsn(17));
        layer(Layer.SILVER, 1, "tenants", 1);
        grants(1, List.of("silver.tenants"), "acme", "globex");
        try {
            Instant before = Instant.now();
            LakeStatus status = LakeStatus.of(directory);
            assertThat(status.running()).isTrue();
            assertThat(status.problems())
                    .containsExactly("nobody reads the slot tenantlake: cdc-ingest does not stream");
            assertThat(status.slot().orElseThrow()).satisfies(slot -> {
                assertThat(slot.active()).isFalse();
                assertThat(slot.lagBytes()).isGreaterThan(10_000);
                assertThat(slot.walStatus()).isEqualTo("reserved");
                assertThat(slot.limitBytes()).contains(2L << 30);
            });
            assertThat(status.layers())
                    .extracting(LakeStatus.LayerState::layer)
                    .containsExactly(Layer.BRONZE, Layer.SILVER);
            assertThat(status.layers().get(0)).satisfies(bronze -> {
                assertThat(bronze.epoch()).isEqualTo(2);
                assertThat(bronze.delayMillis()).isEqualTo(500);
                assertThat(bronze.worstDelayMillis()).isEqualTo(500);
                // Nobody reads the slot, and there is log that bronze does not hold.
                assertThat(bronze.behindMillis()).isPositive();
            });
            assertThat(status.layers().get(1)).satisfies(silver -> {
                assertThat(silver.epoch()).isEqualTo(1);
                assertThat(silver.epochsBehind()).isEqualTo(1);
                assertThat(silver.delayMillis()).isEqualTo(2000);
                assertThat(silver.behindMillis())
                        .isGreaterThanOrEqualTo(
                                Duration.between(COMMITTED, before).toMillis());
            });
            assertThat(status.tenants()).containsExactly("acme", "globex");
            assertThat(status.endpoints().orElseThrow().queryEngine()).isEqualTo(LocalServices.QueryEngine.OFF);
            assertThat(status.services())
                    .singleElement()
                    .satisfies(service -> assertThat(service.pid()).contains(localAws.pid()));
        } finally {
            execute("select pg_drop_replication_slot('tenantlake')");
            execute("drop table lag");
        }
    }

    @Test
    void statusNamesATableThatIsStoppedAndWhatToDo() {
        epoch(1, new Lsn(16));
        new LayerPositions(s3, lake.config().layout())
                .write(new LayerPosition(
                        Layer.SILVER,
                        1,
                        new Lsn(16),
                        COMMITTED,
                        COMMITTED,
                        COMMITTED.plusSeconds(2),
                        Map.of("orders", 1L),
                        Map.of(
                                "orders",
                                new LayerPosition.StoppedTable(
                                        1, "total_amount is text now", "change it back", COMMITTED))));
        LakeStatus status = LakeStatus.of(directory);
        assertThat(status.stopped())
                .containsExactly(new LakeStatus.Stopped(
                        Layer.SILVER, "orders", 1, "total_amount is text now", "change it back", COMMITTED));
        assertThat(status.problems())
                .contains("silver.orders is stopped at epoch 1: total_amount is text now; change it back");
    }

    @Test
    void statusSaysHowGoodTheRowsAre() {
        epoch(1, new Lsn(16));
        LayerPositions positions = new LayerPositions(s3, lake.config().layout());
        positions.write(new LayerPosition(
                Layer.SILVER,
                1,
                new Lsn(16),
                COMMITTED,
                COMMITTED,
                COMMITTED.plusSeconds(2),
                Map.of("orders", 1L, "tenants", 1L),
                Map.of(),
                Map.of("orders", new TableQuality(3, 1), "tenants", new TableQuality(2, 0))));
        positions.writeAudit(new SilverAudit(
                1,
                COMMITTED,
                COMMITTED.plusSeconds(2),
                16,
                List.of(new SilverAudit.Finding("orders", "customer_id_dangling", 2))));
        LakeStatus status = LakeStatus.of(directory);
        assertThat(status.quality())
                .containsExactly(
                        new LakeStatus.Quality("orders", 3, 1, 0.75), new LakeStatus.Quality("tenants", 2, 0, 1));
        assertThat(status.problems())
                .contains("at epoch 1 2 rows of silver.orders broke customer_id_dangling: see docs/data-quality.md");
    }

    @Test
    void statusSaysThatTheSupervisorIsGoneAndItsProcessesAreNot() {
        record(new ProcessIdentity(Long.MAX_VALUE, "long ago"));
        LakeStatus status = LakeStatus.of(directory);
        assertThat(status.running()).isFalse();
        assertThat(status.problems())
                .singleElement()
                .asString()
                .contains("the supervisor is gone and 1 of its processes still run");
    }

    private int marksInStream() {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("""
                        select count(*) from pg_logical_slot_peek_binary_changes('barrier', null, null,
                            'proto_version', '1', 'publication_names', 'everything', 'messages', 'true')
                        where encode(data, 'escape') like '%tenantlake%barrier%'
                        """)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void record(ProcessIdentity supervisor) {
        ProcessIdentity process =
                ProcessHandle.of(localAws.pid()).flatMap(ProcessIdentity::of).orElseThrow();
        ServiceStatus service = new ServiceStatus(
                "local-aws",
                ServiceState.RUNNING,
                Optional.of(process),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Instant.now(),
                Optional.empty());
        new LakeRecord(supervisor, LakeRecord.Phase.RUNNING, Optional.empty(), 4870, Instant.now(), List.of(service))
                .write(directory);
    }

    private void epoch(long number, Lsn lastLsn) {
        new EpochLog(s3, lake.config().layout())
                .append(new EpochManifest(
                        number,
                        number == 1 ? EpochManifest.Kind.SNAPSHOT : EpochManifest.Kind.STREAM,
                        new EpochManifest.Source("1", "shop", "tenantlake"),
                        lastLsn,
                        lastLsn,
                        COMMITTED,
                        COMMITTED,
                        1,
                        LocalDate.of(2026, 3, 1),
                        Map.of(),
                        Map.of(),
                        Set.of(),
                        Optional.empty(),
                        COMMITTED.plusMillis(500)));
    }

    private void layer(Layer layer, long epoch, String table, long changedIn) {
        new LayerPositions(s3, lake.config().layout())
                .write(new LayerPosition(
                        layer,
                        epoch,
                        new Lsn(16),
                        COMMITTED,
                        COMMITTED,
                        COMMITTED.plusSeconds(2),
                        Map.of(table, changedIn),
                        Map.of()));
    }

    private void grants(long tenantsEpoch, List<String> tables, String... slugs) {
        new LayerPositions(s3, lake.config().layout())
                .writeGrants(new GrantsPosition(tenantsEpoch, COMMITTED, tables, List.of(slugs)));
    }

    private void emptyBucket() {
        String bucket = lake.config().bucket();
        s3.listObjectsV2Paginator(list -> list.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList()
                .forEach(key -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(sql);
        }
    }
}
