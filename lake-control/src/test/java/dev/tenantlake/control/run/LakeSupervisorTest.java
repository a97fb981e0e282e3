package dev.tenantlake.control.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.control.lake.LakeRecord;
import dev.tenantlake.control.lake.LakeShutdown;
import dev.tenantlake.control.metrics.MetricsText;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.control.process.SmallProcess;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor in its own process, with stand-ins for the modules that it starts. */
class LakeSupervisorTest {

    private static final List<String> SERVICES = List.of("local-aws", "etl-jobs", "cdc-ingest", "athena-queries");

    @TempDir
    private static Path checkout;

    private static StandIns standIns;

    @TempDir
    private Path folder;

    private DataDirectory directory;

    @BeforeAll
    static void makeModules() throws IOException {
        standIns = new StandIns(checkout);
    }

    @BeforeEach
    void create() {
        directory = new DataDirectory(folder.resolve("lake"));
        directory.create();
    }

    @AfterEach
    void stop() {
        new LakeShutdown(directory).stop();
    }

    @Test
    void startsInOrderStopsInOrderAndLeavesNothingBehind() {
        launch(Optional.of(new SeedRequest(SeedRequest.Scale.SMALL, OptionalLong.of(7))));
        awaitRunning();
        assertThat(notes().get(0)).isEqualTo("start local-aws");
        assertThat(notes())
                .containsSubsequence(
                        "start source-app migrate", "start source-app seed --scale small --seed 7", "start cdc-ingest")
                .contains("start etl-jobs", "start athena-queries");
        List<ProcessIdentity> processes = processes();
        assertThat(processes).hasSize(5).allMatch(ProcessIdentity::isAlive);

        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(true, 0));
        assertThat(notes().stream().filter(note -> note.startsWith("stop")))
                .containsExactly("stop etl-jobs", "stop cdc-ingest", "stop athena-queries", "stop local-aws");
        assertThat(processes).noneMatch(ProcessIdentity::isAlive);
        assertThat(directory.root().resolve("control")).isEmptyDirectory();
    }

    @Test
    void startsADeadServiceAgain() {
        launch(Optional.empty());
        awaitRunning();
        ProcessIdentity first = service("cdc-ingest").process().orElseThrow();
        first.find().orElseThrow().destroyForcibly();
        SmallProcess.await(
                "cdc-ingest runs again",
                () -> service("cdc-ingest")
                        .process()
                        .filter(now -> !now.equals(first))
                        .isPresent());
        assertThat(service("cdc-ingest").restarts()).isEqualTo(1);
        assertThat(SERVICES.subList(0, 2)).allMatch(name -> service(name).restarts() == 0);
    }

    @Test
    void servesTheMetricsOfTheLake() throws Exception {
        launch(Optional.empty());
        awaitRunning();
        service("etl-jobs").process().orElseThrow().find().orElseThrow().destroyForcibly();
        SmallProcess.await("etl-jobs runs again", () -> service("etl-jobs").restarts() == 1);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(LakePorts.metricsAddress(record().port()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        MetricsText.requireValid(response.body());
        assertThat(response.body().lines())
                .contains(
                        "tenantlake_service_up{service=\"cdc-ingest\"} 1.0",
                        "tenantlake_service_restarts_total{service=\"cdc-ingest\"} 0.0",
                        "tenantlake_service_restarts_total{service=\"etl-jobs\"} 1.0")
                .anyMatch(line -> line.matches("tenantlake_service_resident_bytes\\{service=\"local-aws\"} [1-9].*"));
    }

    @Test
    void isClearedAwayAfterItWasKilled() {
        launch(Optional.empty());
        awaitRunning();
        List<ProcessIdentity> processes = processes();
        killSupervisor();
        assertThat(processes.stream().filter(ProcessIdentity::isAlive)).hasSize(4);
        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(false, 4));
        assertThat(processes).noneMatch(ProcessIdentity::isAlive);
        assertThat(directory.root().resolve("control")).isEmptyDirectory();
    }

    @Test
    void takesOverFromARunThatWasKilled() {
        launch(Optional.empty());
        awaitRunning();
        List<ProcessIdentity> before = processes();
        killSupervisor();
        launch(Optional.empty());
        awaitRunning();
        assertThat(before).noneMatch(ProcessIdentity::isAlive);
        assertThat(processes()).hasSize(5).allMatch(ProcessIdentity::isAlive);
    }

    @Test
    void saysWhoseTheDirectoryIsWhenAnotherRuns() {
        launch(Optional.empty());
        awaitRunning();
        long pid = record().supervisor().pid();
        LakeStart another = start();
        assertThatThrownBy(() -> another.launch(options(Optional.empty())))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is in use by process " + pid)
                .hasMessageContaining("./tenantlake down");
        another.stopLaunched();
        assertThat(processes()).allMatch(ProcessIdentity::isAlive);
    }

    @Test
    void givesTheLineOfAServiceThatCannotBeStartedAndStopsTheOthers() throws IOException {
        Files.writeString(
                StandIns.failing(directory, "migrate"),
                "source-app: the schema is from the future; use a newer release");
        launch(Optional.empty());
        assertThatThrownBy(() -> start().await(Duration.ofMinutes(1)))
                .isInstanceOf(LakeException.class)
                .hasMessage("source-app migrate: the schema is from the future; use a newer release");
        assertThat(notes()).contains("stop local-aws").doesNotContain("start cdc-ingest");
        SmallProcess.await(
                "the supervisor has ended", () -> !record().supervisor().isAlive());
        assertThat(record().services()).noneMatch(service -> service.process().isPresent());
        // Once it is mended, the next start works.
        Files.delete(StandIns.failing(directory, "migrate"));
        launch(Optional.empty());
        awaitRunning();
    }

    @Test
    void givesUpOnAServiceThatKeepsDyingWhileTheLakeStarts() throws IOException {
        Files.writeString(
                StandIns.failing(directory, "cdc-ingest"), "cdc-ingest: wal_level is replica; set it to logical");
        launch(Optional.empty());
        assertThatThrownBy(() -> start().await(Duration.ofMinutes(1)))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("cdc-ingest: wal_level is replica; set it to logical; see ")
                .hasMessageEndingWith("cdc-ingest.log");
    }

    @Test
    void stopsWithTheProcessThatItIsBoundTo() throws IOException {
        Process user =
                SmallProcess.command(folder.resolve("user"), "user", "run").start();
        start().launchSupervisor(List.of("--port", "15000", "--until-end-of", Long.toString(user.pid())));
        awaitRunning();
        List<ProcessIdentity> processes = processes();
        user.destroyForcibly();
        SmallProcess.await("all have ended", () -> processes.stream().noneMatch(ProcessIdentity::isAlive));
        assertThat(directory.root().resolve("control")).isEmptyDirectory();
    }

    private List<String> notes() {
        return StandIns.notes(directory);
    }

    private void launch(Optional<SeedRequest> seed) {
        start().launch(options(seed));
    }

    private static LaunchOptions options(Optional<SeedRequest> seed) {
        return new LaunchOptions(0, seed, false, false, false);
    }

    private LakeStart start() {
        return new LakeStart(standIns.modules(), directory, stage -> {}, waitingFor -> {});
    }

    private void awaitRunning() {
        SmallProcess.await(
                () -> "all services run: " + LakeRecord.read(directory),
                () -> LakeRecord.read(directory)
                        .filter(record -> record.phase() == LakeRecord.Phase.RUNNING)
                        .filter(record -> SERVICES.stream()
                                .allMatch(name -> record.service(name)
                                        .filter(service -> service.state() == ServiceState.RUNNING)
                                        .isPresent()))
                        .isPresent());
        SmallProcess.await(
                "all have noted it", () -> SERVICES.stream().allMatch(name -> notes().contains("start " + name)));
    }

    private void killSupervisor() {
        ProcessIdentity supervisor = record().supervisor();
        supervisor.find().orElseThrow().destroyForcibly();
        SmallProcess.await("the supervisor is gone", () -> !supervisor.isAlive());
    }

    /** The supervisor and its services. */
    private List<ProcessIdentity> processes() {
        LakeRecord record = record();
        return Stream.concat(
                        Stream.of(record.supervisor()),
                        record.services().stream().flatMap(service -> service.process().stream()))
                .toList();
    }

    private LakeRecord record() {
        return LakeRecord.read(directory).orElseThrow();
    }

    private ServiceStatus service(String name) {
        return record().service(name).orElseThrow();
    }
}
