package dev.tenantlake.control.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {

    @TempDir
    private Path directory;

    @Test
    void isTheSameWhoeverAsks() throws IOException {
        Process process = start("run");
        ProcessIdentity identity = ProcessIdentity.of(process.toHandle()).orElseThrow();
        ProcessIdentity readBack =
                LakeJson.read(LakeJson.bytes(identity), ProcessIdentity.class, "a record of another run");
        assertThat(readBack).isEqualTo(identity);
        assertThat(readBack.isAlive()).isTrue();
        assertThat(ProcessEnd.end(readBack, Duration.ofSeconds(30))).isTrue();
        assertThat(readBack.isAlive()).isFalse();
    }

    @Test
    void neverEndsAProcessThatHasTheIdNow() throws IOException {
        Process process = start("run");
        ProcessIdentity recycled = new ProcessIdentity(process.pid(), "another start");
        assertThat(recycled.isAlive()).isFalse();
        assertThat(ProcessEnd.end(recycled, Duration.ZERO)).isTrue();
        ProcessEnd.kill(recycled);
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
    }

    @Test
    void makesAProcessEndThatDoesNotHearAndWhatItStarted() throws IOException {
        Process deaf = start("ignore-stop");
        SmallProcess.await("it is deaf", () -> SmallProcess.notes(notes()).contains("deaf it"));
        ProcessIdentity ofDeaf = ProcessIdentity.of(deaf.toHandle()).orElseThrow();
        assertThat(ProcessEnd.end(ofDeaf, Duration.ofMillis(100))).isFalse();
        assertThat(ofDeaf.isAlive()).isFalse();

        Process parent = start("spawn");
        SmallProcess.await("the child runs", () -> SmallProcess.notes(notes()).contains("start it-child"));
        ProcessHandle child = parent.children().findFirst().orElseThrow();
        ProcessIdentity ofParent = ProcessIdentity.of(parent.toHandle()).orElseThrow();
        ProcessEnd.end(ofParent, Duration.ofSeconds(30));
        assertThat(ofParent.isAlive()).isFalse();
        assertThat(ProcessIdentity.of(child)).isEmpty();
    }

    private Process start(String what) throws IOException {
        return SmallProcess.command(notes(), "it", what).start();
    }

    private Path notes() {
        return directory.resolve("notes");
    }
}
