package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.report.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Keeps count from round to round, and makes the report of it. */
final class Tally {

    private final ChaosPlan plan;
    private final Instant startedAt = Instant.now();
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    private final List<ChaosReport.Round> rounds = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private long written;
    private long acknowledged;
    private long forgotten;
    private long lost;
    private long repeated;
    private long torn;
    private long rowsCompared;
    private long rowsWrong;

    Tally(ChaosPlan plan) {
        this.plan = requireNonNull(plan, "plan");
    }

    void killed(Victim victim) {
        kills.merge(victim, 1, Integer::sum);
    }

    void failed(String line) {
        failures.add(line);
    }

    /** How many things were found wrong so far. */
    int failures() {
        return failures.size();
    }

    /** What the source has by now. */
    void source(long transactionsWritten, long commitsAcknowledged, long commitsForgotten) {
        written = transactionsWritten;
        acknowledged = commitsAcknowledged;
        forgotten = commitsForgotten;
        if (commitsForgotten > 0) {
            failed(commitsForgotten + " transactions that Postgres acknowledged are not in the source any more");
        }
    }

    /** The transactions after a point, or, if all were compared anew, all of them. */
    void compared(TransactionCheck.Findings findings, boolean all) {
        lost = all ? Math.max(lost, findings.lost()) : lost + findings.lost();
        repeated = all ? Math.max(repeated, findings.repeated()) : repeated + findings.repeated();
        torn = all ? Math.max(torn, findings.torn()) : torn + findings.torn();
        failures.addAll(findings.examples());
    }

    void compared(RowCheck.Findings findings) {
        rowsCompared += findings.rows();
        rowsWrong += findings.wrong();
        failures.addAll(findings.examples());
    }

    void round(ChaosReport.Round round) {
        rounds.add(round);
    }

    ChaosReport report() {
        List<Double> recoveries =
                rounds.stream().map(ChaosReport.Round::recoverySeconds).sorted().toList();
        Map<String, Integer> byProcess = new LinkedHashMap<>();
        for (Victim victim : Victim.values()) {
            byProcess.put(victim.process(), kills.getOrDefault(victim, 0));
        }
        return new ChaosReport(
                Machine.current(),
                startedAt,
                seconds(Duration.between(startedAt, Instant.now())),
                plan.seed(),
                byProcess,
                new ChaosReport.Transactions(written, acknowledged, forgotten, lost, repeated, torn),
                rowsCompared,
                rowsWrong,
                recoveries.isEmpty()
                        ? new ChaosReport.Recovery(0, 0)
                        : new ChaosReport.Recovery(
                                recoveries.get((recoveries.size() - 1) / 2), recoveries.get(recoveries.size() - 1)),
                rounds,
                failures);
    }

    static double seconds(Duration duration) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0));
    }
}
