package dev.tenantlake.control.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.control.process.SmallProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a run whose supervisor was killed. */
class LakeShutdownTest {

    private static final ProcessIdentity GONE = new ProcessIdentity(Long.MAX_VALUE, "long ago");

    @TempDir
    private Path folder;

    private DataDirectory directory;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void create() {
        directory = new DataDirectory(folder.resolve("lake"));
        directory.create();
    }

    @AfterEach
    void killAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void stopsWhatOutlivedItsSupervisorInOrderAndLeavesNothingBehind() throws Exception {
        record(List.of(
                service("local-aws", start("local-aws")),
                service("etl-jobs", start("etl-jobs")),
                service("cdc-ingest", start("cdc-ingest"))));
        Files.createFile(folder.resolve("lake/control/lock"));
        Files.createFile(folder.resolve("lake/local-aws.lock"));
        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(false, 3));
        assertThat(SmallProcess.notes(notes()).subList(3, 6))
                .containsExactly("stop etl-jobs", "stop cdc-ingest", "stop local-aws");
        assertThat(LakeRecord.read(directory)).isEmpty();
        assertThat(folder.resolve("lake/control")).isEmptyDirectory();
        assertThat(folder.resolve("lake/local-aws.lock")).doesNotExist();
        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(false, 0));
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheIdNow() throws Exception {
        ProcessIdentity stranger = start("stranger");
        record(List.of(service("etl-jobs", new ProcessIdentity(stranger.pid(), "another start"))));
        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(false, 0));
        assertThat(stranger.isAlive()).isTrue();
        assertThat(LakeRecord.read(directory)).isEmpty();
    }

    @Test
    void endsWhatAServiceHadStartedThoughTheServiceIsGone() throws Exception {
        ProcessIdentity child = start("child");
        record(List.of(service("local-aws", GONE, List.of(child))));
        assertThat(new LakeShutdown(directory).stop()).isEqualTo(new LakeShutdown.Outcome(false, 1));
        assertThat(child.isAlive()).isFalse();
    }

    private void record(List<ServiceStatus> services) {
        new LakeRecord(GONE, LakeRecord.Phase.RUNNING, Optional.empty(), 4870, Instant.now(), services)
                .write(directory);
    }

    private static ServiceStatus service(String name, ProcessIdentity process) {
        return service(name, process, List.of());
    }

    private static ServiceStatus service(String name, ProcessIdentity process, List<ProcessIdentity> descendants) {
        return new ServiceStatus(
                name,
                ServiceState.RUNNING,
                Optional.of(process),
                descendants,
                0,
                Optional.empty(),
                Optional.empty(),
                Instant.now(),
                Optional.empty());
    }

    private ProcessIdentity start(String name) throws IOException {
        Process process = SmallProcess.command(notes(), name, "run").start();
        processes.add(process);
        SmallProcess.await(name + " runs", () -> SmallProcess.notes(notes()).contains("start " + name));
        return ProcessIdentity.of(process.toHandle()).orElseThrow();
    }

    private Path notes() {
        return folder.resolve("notes");
    }
}
