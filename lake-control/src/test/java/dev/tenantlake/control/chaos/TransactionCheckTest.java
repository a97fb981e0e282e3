package dev.tenantlake.control.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.control.chaos.TransactionCheck.Findings;
import dev.tenantlake.control.chaos.TransactionCheck.InBronze;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is called lost, repeated and torn. */
class TransactionCheckTest {

    private static final Map<Long, List<String>> WRITTEN = Map.of(
            7L, List.of("orders|c|1:1", "events|c|1:1"),
            8L, List.of("orders|u|1:1", "orders|u|1:1"),
            9L, List.of("events|d|1:1"));

    @Test
    void findsNothingWhereTheSameIsThereInAnyOrder() throws SQLException {
        assertThat(judge(Map.of(
                        7L, List.of("events|c|1:1", "orders|c|1:1"),
                        8L, List.of("orders|u|1:1", "orders|u|1:1"),
                        9L, List.of("events|d|1:1"))))
                .isEqualTo(new Findings(3, 0, 0, 0, List.of()));
    }

    @Test
    void aTransactionIsLostWhollyOrInPart() throws SQLException {
        Findings findings = judge(Map.of(
                7L, List.of("orders|c|1:1"),
                8L, List.of("orders|u|1:1", "orders|u|1:1")));
        assertThat(findings.lost()).isEqualTo(2);
        assertThat(findings.repeated() + findings.torn()).isZero();
        assertThat(findings.examples())
                .containsExactly(
                        "transaction 7: 1 rows missing in bronze [events|c|1:1], 0 too many []",
                        "transaction 9: 1 rows missing in bronze [events|d|1:1], 0 too many []");
    }

    @Test
    void aRowTooManyIsRepeatedAndAnotherOperationIsBoth() throws SQLException {
        Map<Long, List<String>> bronze = new TreeMap<>(WRITTEN);
        bronze.put(8L, List.of("orders|u|1:1", "orders|u|1:1", "orders|u|1:1"));
        bronze.put(9L, List.of("events|c|1:1"));
        bronze.put(4L, List.of("events|c|1:4"));
        Findings findings = judge(bronze);
        assertThat(findings.repeated()).isEqualTo(3);
        assertThat(findings.lost()).isEqualTo(1);
        assertThat(findings.examples())
                .anyMatch(line -> line.startsWith("transaction 4: bronze has 1 rows that nobody wrote"));
    }

    @Test
    void aTransactionInTwoEpochsIsTorn() throws SQLException {
        Map<Long, InBronze> bronze = digests(WRITTEN).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new InBronze(entry.getValue(), 5, 6)));
        assertThat(TransactionCheck.judge(digests(WRITTEN), bronze, WRITTEN::get, WRITTEN::get)
                        .torn())
                .isEqualTo(3);
    }

    private static Findings judge(Map<Long, List<String>> bronze) throws SQLException {
        return TransactionCheck.judge(
                digests(WRITTEN),
                digests(bronze).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> new InBronze(entry.getValue(), 5, 5))),
                transaction -> bronze.getOrDefault(transaction, List.of()),
                WRITTEN::get);
    }

    private static Map<Long, TransactionDigest> digests(Map<Long, List<String>> entries) {
        return entries.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new TransactionDigest(
                                entry.getValue().size(),
                                BigDecimal.valueOf(entry.getValue().stream()
                                        .mapToLong(String::hashCode)
                                        .sum()))));
    }
}
