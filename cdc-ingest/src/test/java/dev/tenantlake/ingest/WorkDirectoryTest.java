package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

    @Test
    void isRemovedAtTheEnd(@TempDir Path parent) throws Exception {
        try (WorkDirectory work = WorkDirectory.create(parent.resolve("deeper"))) {
            Path first = work.emptyFolder();
            Files.writeString(first.resolve("file"), "x");
            Path second = work.emptyFolder();
            assertThat(second).isEmptyDirectory();
            assertThat(first).doesNotExist();
        }
        assertThat(parent.resolve("deeper")).isEmptyDirectory();
    }

    @Test
    void removesThoseOfProcessesThatWereKilled(@TempDir Path parent) throws Exception {
        Path leftOver = Files.createDirectory(parent.resolve("tenantlake-ingest-1"));
        Files.writeString(leftOver.resolve("lock"), "");
        Files.writeString(Files.createDirectory(leftOver.resolve("1")).resolve("file"), "x");
        Path other = Files.createDirectory(parent.resolve("other"));
        try (WorkDirectory held = WorkDirectory.create(parent);
                WorkDirectory second = WorkDirectory.create(parent)) {
            assertThat(leftOver).doesNotExist();
            assertThat(other).exists();
            assertThat(held.emptyFolder()).exists();
            assertThat(second.emptyFolder()).exists();
            try (Stream<Path> folders = Files.list(parent)) {
                assertThat(folders).hasSize(3);
            }
        }
    }
}
