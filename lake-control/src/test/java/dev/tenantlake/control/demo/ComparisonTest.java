package dev.tenantlake.control.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.control.demo.DemoReport.Outcome;
import dev.tenantlake.control.reconciliation.Comparison;
import dev.tenantlake.control.reconciliation.Figures;
import dev.tenantlake.control.report.Machine;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a difference is called, and what a report says. */
class ComparisonTest {

    private static final Figures FIGURES = figures(3, "12.50", "99");

    @TempDir
    private Path folder;

    @Test
    void equalFiguresAgreeWhateverTheirScale() {
        Comparison comparison = new Comparison("silver.orders", FIGURES, figures(3, "12.500", "99.0"));
        assertThat(comparison.holds()).isTrue();
        assertThat(comparison.mismatches()).isEmpty();
    }

    @Test
    void aLineNamesEachFigureThatDiffers() {
        assertThat(new Comparison("silver.orders", FIGURES, figures(2, "12.49", "98")).mismatches())
                .containsExactly(
                        "silver.orders: 3 rows in the source, 2 in the lake",
                        "silver.orders: the sum of total_amount is 12.50 in the source, 12.49 in the lake");
        assertThat(new Comparison("silver.orders", FIGURES, figures(3, "12.50", "98")).mismatches())
                .containsExactly("silver.orders: rows and sums agree, and the hash over all columns does not");
    }

    @Test
    void theReportIsWrittenWholeAndAsJson() throws IOException {
        Path file = folder.resolve("demo.json");
        ReportFile.require("--report", file);
        assertThat(folder).isEmptyDirectory();
        report().write(file);
        report().write(file);
        assertThat(folder).isDirectoryContaining(only -> only.equals(file));
        JsonNode json = LakeJson.mapper().readTree(file.toFile());
        assertThat(json.get("outcome").asText()).isEqualTo("MISMATCH");
        assertThat(json.get("scale").asText()).isEqualTo("small");
        assertThat(json.get("seed").asLong()).isEqualTo(7);
        assertThat(json.has("failure")).isFalse();
        assertThat(json.get("comparisons").get(0).get("holds").asBoolean(true)).isFalse();
        assertThat(json.get("comparisons")
                        .get(0)
                        .get("source")
                        .get("sums")
                        .get("total_amount")
                        .decimalValue())
                .isEqualByComparingTo("12.5");
        assertThat(json.get("mismatches").get(0).asText()).contains("3 rows in the source, 2 in the lake");
    }

    @Test
    void aReportThatCannotBeWrittenIsWrongUsage() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        for (Path unwritable : List.of(folder, file.resolve("demo.json"), Path.of("/dev/null"))) {
            assertThatThrownBy(() -> ReportFile.require("--report", unwritable))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.kind()).isEqualTo(LakeException.Kind.WRONG_USAGE))
                    .hasMessageContaining("--report " + unwritable);
        }
    }

    private static DemoReport report() {
        Comparison comparison = new Comparison("silver.orders", FIGURES, figures(2, "12.50", "99"));
        return new DemoReport(
                Outcome.MISMATCH,
                Optional.empty(),
                "small",
                OptionalLong.of(7),
                Machine.current(),
                Instant.parse("2026-03-01T00:00:00Z"),
                1.5,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(comparison),
                OptionalLong.empty(),
                comparison.mismatches());
    }

    private static Figures figures(long rows, String total, String hash) {
        return new Figures(rows, Map.of("total_amount", new BigDecimal(total)), new BigDecimal(hash));
    }
}
