package dev.tenantlake.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

    @Test
    void clearsAwayWhatADeadRunLeftAndNothingOfOneThatRuns(@TempDir Path directory) throws IOException {
        Path dead = Files.createDirectories(directory.resolve("bench-2147483647/live"));
        Path other = Files.createDirectories(directory.resolve("bench-of-mine"));
        Path mine = Workspace.open(directory, false).folder("live");

        // Another run in the same folder; of this process, since that is one that runs.
        Workspace.open(directory, false);
        assertThat(mine).exists();
        assertThat(other).exists();
        assertThat(dead.getParent()).doesNotExist();
    }
}
