package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line, as a process. */
@ExtendWith(LocalAwsExtension.class)
class CdcIngestTest {

    @Test
    void runsUntilItIsToldToEnd(TestLake lake, @TempDir Path folder) throws Exception {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)", "INSERT INTO shop.things VALUES (1)");
        lake.publish("shop.things");
        try (IngestProcess ingest = IngestProcess.start(lake, folder)) {
            Await.until("the snapshot", () -> lake.log().latestEpoch() == 1 || !ingest.isAlive());
            var barrier = lake.barrier();
            Await.until(
                    "the stream",
                    () -> lake.log().latest().orElseThrow().lastLsn().compareTo(barrier) >= 0 || !ingest.isAlive());
            ingest.terminate();
            assertThat(ingest.exitCode()).as(ingest.output()).isZero();
            assertThat(ingest.output())
                    .contains("event=epoch epoch=1 rows=1 transactions=1 lag_ms=", "event=streaming", "event=stopped")
                    .doesNotContain("\tat ", "Exception", lake.local().postgresPassword());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void saysInOneLineWhatItWasGivenWrongly(TestLake lake, @TempDir Path folder) throws Exception {
        assertThat(ended(lake.environment(), folder, 2, "run", "--epoch-age", "soon"))
                .isEqualTo("cdc-ingest: --epoch-age is 'soon': expected a duration such as 500ms, 1s, 10m or 1h,"
                        + " not less than 50ms");
        assertThat(ended(lake.environment(), folder, 1, "run", "--slot", lake.name()))
                .startsWith("cdc-ingest: there is no publication 'tenantlake'");
    }

    private static String ended(Map<String, String> environment, Path folder, int exitCode, String... arguments)
            throws Exception {
        try (IngestProcess ingest = IngestProcess.start(environment, folder, arguments)) {
            assertThat(ingest.exitCode()).as(ingest.output()).isEqualTo(exitCode);
            return ingest.output().strip();
        }
    }
}
