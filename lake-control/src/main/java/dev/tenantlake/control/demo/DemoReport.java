package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.control.reconciliation.Comparison;
import dev.tenantlake.control.report.Machine;
import dev.tenantlake.model.AthenaSession.Answer;
import dev.tenantlake.model.LakeJson;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a demo came to.
 *
 * @param outcome whether everything held
 * @param failure one line on why it could not be carried through, if it could not
 * @param scale how much the shop was filled with
 * @param seed what the shop's rows were drawn from, if that was said
 * @param machine what it ran on
 * @param startedAt when it began
 * @param seconds how long it took, without the stopping
 * @param stages in the order in which they were done
 * @param question the same SQL and who got what for it, if it came so far
 * @param freshness how soon a change was seen, if it came so far
 * @param comparisons the lake against the source, table by table
 * @param quarantinedRows how many rows broke a rule of silver, if it came so far
 * @param mismatches one line for each thing that did not hold
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record DemoReport(
        Outcome outcome,
        Optional<String> failure,
        String scale,
        OptionalLong seed,
        Machine machine,
        Instant startedAt,
        double seconds,
        List<StageReport> stages,
        Optional<Question> question,
        Optional<Freshness> freshness,
        List<Comparison> comparisons,
        OptionalLong quarantinedRows,
        List<String> mismatches) {

    /** How a demo ended. */
    enum Outcome {
        /** The lake agrees with the source, and each analyst saw what is theirs. */
        RECONCILED,
        /** Something did not hold. */
        MISMATCH,
        /** It could not be carried through. */
        FAILED
    }

    /**
     * A stage that is done.
     *
     * @param name which
     * @param seconds how long it took since what it had to wait for was done
     * @param atSeconds when it was done, since the beginning
     * @param rows how many rows it is about, if it is about rows
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StageReport(String name, double seconds, double atSeconds, OptionalLong rows) {}

    /**
     * One question, put by several.
     *
     * @param sql what each asked
     * @param answers what each got
     */
    record Question(String sql, List<Answer> answers) {
        Question {
            requireNonNull(sql, "sql");
            answers = List.copyOf(answers);
        }
    }

    /**
     * How soon a change was seen.
     *
     * @param tenant whose shop got an order
     * @param orderId the order's id
     * @param silverSeconds from the commit's return until the tenant's analyst had the order from silver
     * @param goldSeconds from the commit's return until the tenant's analyst had it in the day's revenue
     * @param otherTenant whose analyst must not see it
     * @param rowsForOther how many rows that analyst got for it
     */
    record Freshness(
            String tenant,
            long orderId,
            double silverSeconds,
            double goldSeconds,
            String otherTenant,
            long rowsForOther) {}

    DemoReport {
        requireNonNull(outcome, "outcome");
        requireNonNull(failure, "failure");
        requireNonNull(scale, "scale");
        requireNonNull(seed, "seed");
        requireNonNull(machine, "machine");
        requireNonNull(startedAt, "startedAt");
        stages = List.copyOf(stages);
        requireNonNull(question, "question");
        requireNonNull(freshness, "freshness");
        comparisons = List.copyOf(comparisons);
        requireNonNull(quarantinedRows, "quarantinedRows");
        mismatches = List.copyOf(mismatches);
    }

    /** Writes the report. */
    void write(Path file) {
        ReportFile.require("--report", file).write(LakeJson.pretty(this) + "\n");
    }

    static double seconds(Duration duration) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9));
    }
}
