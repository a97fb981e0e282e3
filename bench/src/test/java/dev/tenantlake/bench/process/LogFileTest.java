package dev.tenantlake.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tenantlake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir
    private Path folder;

    @Test
    void eventsAreReadWithTheirFields() throws Exception {
        Path file = folder.resolve("job.log");
        Files.writeString(file, """
            WARNING: something of the JVM
            2026-11-21T10:00:00.250Z INFO  SilverStage event=silver_committed epochs=4..4 rows=1001 millis=5210
            2026-11-21T10:00:01.000Z INFO  GoldStage event=gold_committed epochs=4..4 scope="12 days" millis=900
            2026-11-21T10:00:02.000Z INFO  SilverStage event=silver_committed epochs=5..6 rows=3 millis=4
            """);
        LogFile log = new LogFile(file);

        assertThat(log.events("silver_committed"))
                .extracting(event -> event.text("epochs"), event -> event.number("millis"), LogEvent::at)
                .containsExactly(
                        tuple("4..4", 5210L, Instant.parse("2026-11-21T10:00:00.250Z")),
                        tuple("5..6", 4L, Instant.parse("2026-11-21T10:00:02Z")));
        assertThat(log.last("gold_committed").orElseThrow().text("scope")).isEqualTo("12 days");
        assertThat(log.events("silver")).isEmpty();
    }

    @Test
    void aFieldThatIsNotThereIsNotMadeUp() throws Exception {
        Path file = folder.resolve("job.log");
        Files.writeString(file, "2026-11-21T10:00:00.250Z INFO  SilverStage event=silver_committed rows=many\n");
        LogEvent event = new LogFile(file).last("silver_committed").orElseThrow();

        assertThatThrownBy(() -> event.number("millis"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("expected something as millis");
        assertThatThrownBy(() -> event.number("rows"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("expected a whole number as rows");
    }

    @Test
    void aLogThatIsNotThereYetTellsNothing() {
        assertThat(new LogFile(folder.resolve("none.log")).last("any")).isEmpty();
    }
}
