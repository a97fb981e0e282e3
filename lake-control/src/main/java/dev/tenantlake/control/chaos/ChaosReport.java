package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tenantlake.control.report.Machine;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of it.
 *
 * @param machine what it ran on
 * @param startedAt when the first round began
 * @param seconds how long all rounds took
 * @param seed what the strikes and the traffic were drawn from
 * @param killsByProcess how often each process was killed
 * @param transactions what became of the transactions
 * @param rowsCompared how many rows of silver, gold and replayed bronze were compared with the source, over all rounds
 * @param rowsWrong how many of them were missing, too many or different
 * @param recovery from the last kill of a round until bronze, silver and gold held all that was committed by then
 * @param rounds each round
 * @param failures a line on each thing that was wrong
 */
public record ChaosReport(
        Machine machine,
        Instant startedAt,
        double seconds,
        long seed,
        Map<String, Integer> killsByProcess,
        Transactions transactions,
        long rowsCompared,
        long rowsWrong,
        Recovery recovery,
        List<Round> rounds,
        List<String> failures) {

    /**
     * What became of the transactions.
     *
     * @param written how many are in the source
     * @param acknowledged of how many Postgres' acknowledgement was seen; of the others it was not asked, or the
     *     connection broke in between
     * @param forgotten how many of those the source does not have any more
     * @param lost of how many bronze lacks a row
     * @param repeated of how many bronze has a row too many
     * @param torn of how many the rows lie in two epochs
     */
    public record Transactions(long written, long acknowledged, long forgotten, long lost, long repeated, long torn) {}

    /**
     * How long it took.
     *
     * @param p50 seconds, half of the rounds took no longer
     * @param max seconds, the longest
     */
    public record Recovery(double p50, double max) {}

    /**
     * A round.
     *
     * @param number from 1
     * @param kills whom, in order; those of one moment are joined by a plus
     * @param recoverySeconds from the last kill until the lake held all that was committed by then
     * @param transactions how many the source had at its end
     * @param compared what was compared: {@code counts}, {@code new transactions and all rows}, or {@code everything}
     * @param wrong how many things were found wrong
     */
    public record Round(
            int number, List<String> kills, double recoverySeconds, long transactions, String compared, int wrong) {
        public Round {
            kills = List.copyOf(kills);
            requireNonNull(compared, "compared");
        }
    }

    public ChaosReport {
        requireNonNull(machine, "machine");
        requireNonNull(startedAt, "startedAt");
        killsByProcess = Collections.unmodifiableMap(new LinkedHashMap<>(killsByProcess));
        requireNonNull(transactions, "transactions");
        requireNonNull(recovery, "recovery");
        rounds = List.copyOf(rounds);
        failures = List.copyOf(failures);
    }

    /** How many processes were killed. */
    @JsonProperty
    public int kills() {
        return killsByProcess.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether nothing was wrong. */
    @JsonProperty
    public boolean holds() {
        return failures.isEmpty()
                && rowsWrong == 0
                && transactions.forgotten() + transactions.lost() + transactions.repeated() + transactions.torn() == 0;
    }

    /** The report as a page for a person. */
    public String markdown() {
        return new ChaosMarkdown(this).text();
    }
}
