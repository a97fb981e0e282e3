package dev.tenantlake.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tenantlake.bench.machine.Machine;
import dev.tenantlake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {

    private static final List<String> ORDER = List.of("load", "changes");

    @TempDir
    private Path folder;

    @Test
    void aPersonReadsWhatWasMeasuredAndWhetherTheAimIsMet() throws Exception {
        Path file = files().write(
                        new BenchReport(machine("1.0"), List.of(row("load", 0.5, 0.45), row("changes", 0.6, 0.8))),
                        ORDER);

        assertThat(file).isEqualTo(folder.resolve("benchmarks.md"));
        assertThat(Files.readString(file))
                .contains("| [load](#load) | rows/s | a baseline | 0.50 (0.40 to 0.60) | ≥ 0.45 | met |")
                .contains("| [changes](#changes) | rows/s | a baseline | 0.60 (0.50 to 0.70) | ≥ 0.80 | **missed** by"
                        + " 25% |")
                .contains("The aim of ≥ 0.80 is **missed** by 25%")
                .contains("| processor | A Processor |")
                .contains("| rate, rows/s | 12,000 | 12,000 | 13,000 | 11,000 |")
                .contains("- busy | thread")
                .contains("Measured 2026-01-02 03:04 UTC at commit `abc`, load average 0.25 before.");
    }

    @Test
    void theRowsThatWereMeasuredNowReplaceTheirOwnAndNoOthers() {
        ReportFiles files = files();
        files.write(new BenchReport(machine("1.0"), List.of(row("load", 0.5, 0.45), row("changes", 0.6, 0.8))), ORDER);
        files.write(new BenchReport(machine("1.0"), List.of(row("load", 0.7, 0.45))), ORDER);

        assertThat(files.read().orElseThrow().rows())
                .extracting(RowResult::name, row -> row.figures().get(0).value())
                .containsExactly(tuple("load", 0.7), tuple("changes", 0.6));
    }

    @Test
    void whatIsOfOtherVersionsIsLeftOut() {
        ReportFiles files = files();
        files.write(new BenchReport(machine("1.0"), List.of(row("changes", 0.6, 0.8))), ORDER);
        files.write(new BenchReport(machine("2.0"), List.of(row("load", 0.7, 0.45))), ORDER);

        assertThat(files.read().orElseThrow().rows())
                .extracting(RowResult::name)
                .containsExactly("load");
    }

    @Test
    void anEarlierReportThatCannotBeReadIsWrittenAnew() throws Exception {
        Files.writeString(folder.resolve("benchmarks.json"), "{\"rows\": 3");
        files().write(new BenchReport(machine("1.0"), List.of(row("load", 0.5, 0.45))), ORDER);

        assertThat(files().read()).isPresent();
    }

    @Test
    void aFileThatIsNotOfMarkdownIsWrongUsage() {
        assertThatThrownBy(() -> new ReportFiles(folder.resolve("benchmarks.txt")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                .hasMessageContaining("expected a file whose name ends in .md");
    }

    private ReportFiles files() {
        return new ReportFiles(folder.resolve("benchmarks.md"));
    }

    private static Machine machine(String version) {
        return new Machine(
                "A Processor",
                2,
                1L << 34,
                "ext4 of 10 GiB",
                "An OS",
                Map.of("17", "17.0.1"),
                Map.of("Spark", version));
    }

    private static RowResult row(String name, double ratio, double aim) {
        return new RowResult(
                name,
                "rows/s",
                "a baseline",
                List.of(Figure.ofRounds(
                        "",
                        new Series("ratio", "", List.of(ratio, ratio + 0.1, ratio - 0.1)),
                        Optional.of(Aim.atLeast(aim)))),
                List.of(new Series("rate", "rows/s", List.of(12_000.0, 13_000.0, 11_000.0))),
                List.of(new Table("Seconds", List.of("", "p50"), List.of(List.of("gold", "1.25")))),
                List.of("one way"),
                List.of("busy | thread"),
                new Conditions(Instant.parse("2026-01-02T03:04:05Z"), "abc", 0.25, false));
    }
}
