package dev.tenantlake.control.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLogTest {

    @TempDir
    private Path directory;

    @Test
    void givesTheLineThatTheCommandEndedWith() throws IOException {
        ServiceLog log =
                log("2026-01-01 INFO event=started\nshop: port 1 is in use; choose another\n\tat x.Y(Y.java:1)\n");
        assertThat(log.reason(0, "shop", "ended")).isEqualTo("port 1 is in use; choose another");
    }

    @Test
    void givesTheLastLineThatIsNoStackTraceWhenTheCommandSaidNothing() throws IOException {
        ServiceLog log = log("Error: could not find or load main class X\nCaused by: E\n\tat x.Y(Y.java:1)\n\n");
        assertThat(log.reason(0, "shop", "ended"))
                .isEqualTo("ended; the last it wrote: Error: could not find or load main class X");
    }

    @Test
    void doesNotTakeAnotherRunsLineForThisOnes() throws IOException {
        ServiceLog log = log("shop: the first time\n");
        long size = log.size();
        assertThat(log.reason(size, "shop", "ended")).isEqualTo("ended");
        Files.writeString(log.file(), "shop: the second time\n", StandardOpenOption.APPEND);
        assertThat(log.reason(size, "shop", "ended")).isEqualTo("the second time");
    }

    @Test
    void putsALargeFileAside() throws IOException {
        ServiceLog log = log("x".repeat(21 << 20));
        log.prepare();
        assertThat(log.size()).isZero();
        assertThat(Path.of(log.file() + ".1")).hasSize(21 << 20);
    }

    private ServiceLog log(String content) throws IOException {
        ServiceLog log = new ServiceLog(directory.resolve("logs").resolve("shop.log"));
        log.prepare();
        Files.writeString(log.file(), content);
        return log;
    }
}
