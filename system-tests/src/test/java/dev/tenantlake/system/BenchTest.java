package dev.tenantlake.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench as a user runs it, on its cheapest row. */
class BenchTest {

    @TempDir
    private Path folder;

    @Test
    void theCheapestRowIsMeasuredAndNothingIsLeft() throws Exception {
        Path work = folder.resolve("work");
        Path report = folder.resolve("benchmarks.md");
        Launcher.Outcome outcome = new Launcher(folder.resolve("unused"))
                .run(
                        "bench",
                        "--quick",
                        "--rows",
                        "load-copy",
                        "--work-dir",
                        work.toString(),
                        "--out",
                        report.toString());

        assertThat(outcome.exitCode()).as(outcome.error()).isZero();
        assertThat(outcome.output()).contains("| [load-copy](#load-copy) (quick) |");
        assertThat(Files.readString(report)).contains("COPY with 2 connections, rows/s", "## The machine");
        JsonNode row = LakeJson.read(
                        Files.readAllBytes(folder.resolve("benchmarks.json")), JsonNode.class, "benchmarks.json")
                .path("rows")
                .path(0);
        assertThat(row.path("series").path(0).path("values").path(0).asDouble())
                .as("rows a second")
                .isPositive();
        assertThat(row.path("figures").path(0).path("value").asDouble())
                .as("ratio")
                .isPositive();
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().arguments().stream().flatMap(Stream::of))
                        .filter(argument -> argument.contains(work.toString())))
                .isEmpty();
    }

    @Test
    void aRowThatIsNoneIsWrongUsage() {
        Launcher.Outcome outcome = new Launcher(folder).run("bench", "--rows", "speed");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.lastErrorLine())
                .startsWith("tenantlake bench: --rows: 'speed' is not a row: expected some of load-copy");
    }
}
