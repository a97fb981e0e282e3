package dev.tenantlake.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.DerivedLayers;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.query.history.EpochFinder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The epoch log, and what hangs on it, on a real S3 endpoint. */
class EpochLogTest {

    @TempDir
    static Path dataDirectory;

    private static LocalAwsProcess local;
    private static AwsClients clients;
    private static S3Client s3;

    private final LakeLayout layout = new LakeLayout("epochs-" + System.nanoTime());
    private final EpochLog log = new EpochLog(s3, layout);

    @BeforeAll
    static void start() throws Exception {
        local = LocalAwsProcess.start(dataDirectory, false);
        clients = new AwsClients(
                LakeConfig.from(local.environment("pipeline")),
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(local.accessKeyId("pipeline"), local.secretAccessKey("pipeline"))));
        s3 = clients.s3();
    }

    @AfterAll
    static void stop() throws Exception {
        s3.close();
        clients.close();
        local.close();
    }

    @BeforeEach
    void emptyBucket() {
        s3.createBucket(create -> create.bucket(layout.bucket()));
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(log.latest()).isEmpty();
        assertThat(log.latestEpoch()).isZero();
        assertThat(log.after(0, 10)).isEmpty();
        assertThat(log.read(1)).isEmpty();
    }

    @Test
    void givesBackWhatWasAppendedInOrder() {
        for (long epoch = 1; epoch <= 12; epoch++) {
            log.append(manifest(epoch, "a"));
        }
        assertThat(log.latest()).contains(manifest(12, "a"));
        assertThat(log.after(3, 4)).extracting(EpochManifest::epoch).containsExactly(4L, 5L, 6L, 7L);
        assertThat(log.after(10, 100)).extracting(EpochManifest::epoch).containsExactly(11L, 12L);
    }

    @Test
    void findsTheLastOfSeveralPagesFromAnywhere() {
        // Only the keys count for the search, so empty objects do.
        for (long epoch = 1; epoch <= 1_234; epoch++) {
            String key = LakeLayout.manifestKey(epoch);
            s3.putObject(put -> put.bucket(layout.bucket()).key(key), RequestBody.empty());
        }
        for (long known : new long[] {0, 1, 999, 1_000, 1_001, 1_233, 1_234}) {
            assertThat(log.latestEpochFrom(known)).as("from %d", known).isEqualTo(1_234);
        }
    }

    @Test
    void refusesASecondWriterOfTheSameEpoch() {
        log.append(manifest(1, "one writer"));
        assertThatThrownBy(() -> log.append(manifest(1, "another writer")))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.IN_USE))
                .hasMessageContaining("epoch 1 was written by another cdc-ingest");
        assertThat(log.latest()).contains(manifest(1, "one writer"));
    }

    @Test
    void takesItsOwnEpochForDoneWhenARetryFindsItThere() {
        log.append(manifest(1, "one writer"));
        log.append(manifest(1, "one writer"));
        assertThat(log.latestEpoch()).isEqualTo(1);
    }

    @Test
    void saysWhichEpochIsMissing() {
        log.append(manifest(1, "a"));
        log.append(manifest(2, "a"));
        log.append(manifest(3, "a"));
        s3.deleteObject(delete -> delete.bucket(layout.bucket()).key(LakeLayout.manifestKey(2)));
        assertThatThrownBy(() -> log.after(0, 10))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("gap: epoch 2 is missing and 3 is there");
    }

    @Test
    void whatIsMadeFromBronzeStaysWhereBronzeLacksItsFirstEpoch() {
        for (String key : List.of(
                "silver/orders/file", "gold/_position.json", LakeLayout.GRANTS_POSITION_KEY, "bronze/orders/file")) {
            s3.putObject(put -> put.bucket(layout.bucket()).key(key), RequestBody.fromString("kept"));
        }
        try (GlueClient glue = clients.glue()) {
            DerivedLayers layers = new DerivedLayers(s3, glue, layout);
            assertThatThrownBy(layers::clear)
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("bronze does not have its first epoch")
                    .hasMessageContaining("nothing was removed");
            assertThat(keys()).hasSize(4);

            log.append(manifest(1, "a"));
            assertThat(layers.clear()).isEqualTo(2);
            assertThat(keys()).containsExactly(LakeLayout.manifestKey(1), "bronze/orders/file");
        }
    }

    private List<String> keys() {
        return s3.listObjectsV2(list -> list.bucket(layout.bucket())).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Epoch n is committed n seconds after midnight, and silver holds ten of twelve. */
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "10, 10",
        "2026-05-01T00:00:01Z, 1",
        "2026-05-01T00:00:06.999999Z, 6",
        "2026-05-01T00:00:07Z, 7",
        "2026-05-01T00:00:10Z, 10"
    })
    void anInstantStandsForTheLastEpochThatWasCommittedUntilThen(String asked, long epoch) {
        assertThat(finder().find(asked).epoch()).isEqualTo(epoch);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "2026-05-01T00:00:00.999Z", "2026-05-01T00:00:10.001Z", "last Tuesday"})
    void anEpochThatSilverDoesNotHoldIsRefused(String asked) {
        assertThatThrownBy(() -> finder().find(asked))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageStartingWith("--as-of is '" + asked + "': expected an ");
    }

    @Test
    void whatBronzeHasBeyondSilverEndsWithTheLog() {
        EpochFinder.Beyond beyond = finder().beyond();
        assertThat(beyond.held()).isEqualTo(10);
        assertThat(beyond.state().latest()).isEqualTo(12);
        assertThat(beyond.committedAt()).isEqualTo(Instant.parse("2026-05-01T00:00:12Z"));
    }

    private EpochFinder finder() {
        for (long epoch = 1; epoch <= 12; epoch++) {
            log.append(manifest(epoch, "a"));
        }
        EpochManifest held = manifest(10, "a");
        return new EpochFinder(
                log,
                new LayerPosition(
                        Layer.SILVER,
                        held.epoch(),
                        held.lastLsn(),
                        held.firstCommittedAt(),
                        held.lastCommittedAt(),
                        held.writtenAt(),
                        Map.of(),
                        Map.of()));
    }

    private static EpochManifest manifest(long epoch, String writer) {
        Instant at = Instant.parse("2026-05-01T00:00:00Z").plusSeconds(epoch);
        return new EpochManifest(
                epoch,
                EpochManifest.Kind.STREAM,
                new EpochManifest.Source("1", "shop", "tenantlake"),
                new Lsn(epoch * 10),
                new Lsn(epoch * 10 + 9),
                at,
                at,
                1,
                LocalDate.of(2026, 5, 1),
                Map.of(),
                Map.of(),
                Set.of("orders"),
                Optional.of(Map.of("lsn", 4_294_967_296L + epoch, "writer", writer)),
                at);
    }
}
