package dev.tenantlake.control.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path folder;

    private DataDirectory directory;

    @BeforeEach
    void create() {
        directory = new DataDirectory(folder.resolve("lake"));
        directory.create();
    }

    @Test
    void isHeldByOneProcessAtATime() throws Exception {
        Process holder = start();
        assertThat(firstLine(holder)).isEqualTo("held");
        assertThat(directory.tryLock()).isEmpty();
        assertThat(firstLine(start())).isEqualTo("refused");
        holder.destroy();
        holder.waitFor();
        assertThat(directory.hasLockFile()).isFalse();
        try (DataDirectory.Lock lock = directory.tryLock().orElseThrow()) {
            assertThat(firstLine(start())).isEqualTo("refused");
        }
        assertThat(directory.hasLockFile()).isFalse();
    }

    @Test
    void isFreeWhenItsHolderWasKilled() throws Exception {
        Process holder = start();
        assertThat(firstLine(holder)).isEqualTo("held");
        holder.destroyForcibly().waitFor();
        assertThat(directory.hasLockFile()).isTrue();
        directory.tryLock().orElseThrow().close();
        assertThat(directory.hasLockFile()).isFalse();
    }

    @Test
    void saysInOneLineThatItCannotBeMade() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> new DataDirectory(file.resolve("lake")).create())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data-dir");
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                LockHolder.class.getName(),
                directory.root().toString());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        return reader.readLine();
    }
}
