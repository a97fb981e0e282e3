package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as a page for a person. */
final class ChaosMarkdown {

    private final ChaosReport report;

    ChaosMarkdown(ChaosReport report) {
        this.report = requireNonNull(report, "report");
    }

    String text() {
        StringBuilder page = new StringBuilder("# Chaos\n\n");
        page.append(String.format(
                Locale.ROOT,
                "%d rounds with seed %d, begun at %s, in %.0f s on %d processors (%s, Java %s). %s%n%n",
                report.rounds().size(),
                report.seed(),
                report.startedAt(),
                report.seconds(),
                report.machine().processors(),
                report.machine().operatingSystem(),
                report.machine().java(),
                report.holds() ? "**Everything holds.**" : "**Something does not hold.**"));
        figures(page);
        kills(page);
        rounds(page);
        if (!report.failures().isEmpty()) {
            page.append("\n## What is wrong\n\n");
            report.failures()
                    .forEach(failure -> page.append("- ").append(failure).append('\n'));
        }
        return page.toString();
    }

    private void figures(StringBuilder page) {
        ChaosReport.Transactions transactions = report.transactions();
        page.append("| figure | |\n|---|---:|\n");
        line(page, "processes killed", report.kills());
        line(page, "transactions written", transactions.written());
        line(page, "of them acknowledged to the writer that asked", transactions.acknowledged());
        line(page, "acknowledged and not in the source any more", transactions.forgotten());
        line(page, "lost: bronze lacks a row", transactions.lost());
        line(page, "repeated: bronze has a row too many", transactions.repeated());
        line(page, "torn: its rows lie in two epochs", transactions.torn());
        line(page, "rows of bronze, silver and gold compared with the source", report.rowsCompared());
        line(page, "rows missing, too many or different", report.rowsWrong());
        page.append(String.format(
                Locale.ROOT,
                "| seconds from the last kill of a round until gold held everything: half of the rounds | %.1f |%n",
                report.recovery().p50()));
        page.append(String.format(
                Locale.ROOT, "| the longest | %.1f |%n", report.recovery().max()));
    }

    private void kills(StringBuilder page) {
        page.append("\n| process killed | times |\n|---|---:|\n");
        for (Map.Entry<String, Integer> kills : report.killsByProcess().entrySet()) {
            line(page, kills.getKey(), kills.getValue());
        }
    }

    private void rounds(StringBuilder page) {
        page.append("\n| round | killed, in order | recovered after | transactions so far | compared | wrong |\n");
        page.append("|---:|---|---:|---:|---|---:|\n");
        List<ChaosReport.Round> rounds = report.rounds();
        for (ChaosReport.Round round : rounds) {
            page.append(String.format(
                    Locale.ROOT,
                    "| %d | %s | %.1f s | %,d | %s | %d |%n",
                    round.number(),
                    String.join(", ", round.kills()),
                    round.recoverySeconds(),
                    round.transactions(),
                    round.compared(),
                    round.wrong()));
        }
    }

    private static void line(StringBuilder page, String name, long value) {
        page.append(String.format(Locale.ROOT, "| %s | %,d |%n", name, value));
    }
}
