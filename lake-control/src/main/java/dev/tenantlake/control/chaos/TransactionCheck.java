package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.SourceTable;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the change rows that bronze holds with the ledger, transaction by transaction, as multisets of table, operation
 * and key. Nothing may be written meanwhile, and bronze has to hold all that was.
 */
final class TransactionCheck {

    private static final int MOST_EXAMPLES = 10;

    private final Connection source;
    private final AthenaSession athena;

    TransactionCheck(Connection source, AthenaSession athena) {
        this.source = requireNonNull(source, "source");
        this.athena = requireNonNull(athena, "athena");
    }

    /**
     * Compares all transactions after a point up to which they were compared before.
     *
     * @param afterEpoch bronze's last epoch at that point, 0 for all
     * @param afterEntry the ledger's last entry at that point, 0 for all
     */
    Findings compare(long afterEpoch, long afterEntry) throws SQLException {
        Map<Long, TransactionDigest> written = Ledger.digests(source, afterEntry);
        Map<Long, InBronze> inBronze = new HashMap<>();
        for (List<String> row : athena.ask(digests(afterEpoch)).rows()) {
            inBronze.put(
                    Long.parseLong(row.get(0)),
                    new InBronze(
                            new TransactionDigest(Long.parseLong(row.get(3)), new BigDecimal(row.get(4))),
                            Long.parseLong(row.get(1)),
                            Long.parseLong(row.get(2))));
        }
        return judge(written, inBronze, this::entriesInBronze, transaction -> Ledger.entries(source, transaction));
    }

    /**
     * What is wrong, if anything is.
     *
     * @param written by transaction, what the ledger has
     * @param inBronze by transaction, what bronze has
     * @param bronzeEntries gives the entries of a transaction in bronze, for one that differs
     * @param writtenEntries gives those in the ledger
     */
    static Findings judge(
            Map<Long, TransactionDigest> written,
            Map<Long, InBronze> inBronze,
            Entries bronzeEntries,
            Entries writtenEntries)
            throws SQLException {
        List<String> examples = new ArrayList<>();
        long torn = 0;
        long lost = 0;
        long repeated = 0;
        for (long transaction : new TreeSet<>(inBronze.keySet())) {
            InBronze found = inBronze.get(transaction);
            if (found.firstEpoch() != found.lastEpoch()) {
                torn++;
                note(
                        examples,
                        "transaction " + transaction + " lies in epochs " + found.firstEpoch() + " to "
                                + found.lastEpoch());
            }
            if (!written.containsKey(transaction)) {
                repeated++;
                note(
                        examples,
                        "transaction " + transaction + ": bronze has "
                                + found.digest().changes() + " rows that nobody wrote, or wrote before");
            }
        }
        for (long transaction : new TreeSet<>(written.keySet())) {
            InBronze found = inBronze.get(transaction);
            if (found != null && found.digest().equals(written.get(transaction))) {
                continue;
            }
            Difference difference = Difference.of(writtenEntries.of(transaction), bronzeEntries.of(transaction));
            lost += difference.missing().isEmpty() ? 0 : 1;
            repeated += difference.extra().isEmpty() ? 0 : 1;
            note(examples, "transaction " + transaction + ": " + difference.text());
        }
        return new Findings(written.size(), lost, repeated, torn, examples);
    }

    private static void note(List<String> examples, String line) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(line);
        }
    }

    private List<String> entriesInBronze(long transaction) {
        return athena.ask("select entry from (" + changes(0) + ") changes where tx = " + transaction).rows().stream()
                .map(row -> row.get(0))
                .toList();
    }

    private static String digests(long afterEpoch) {
        return "select tx, min(epoch), max(epoch), count(*),"
                + " sum(cast(from_base(substr(to_hex(md5(to_utf8(entry))), 1, 15), 16) as decimal(38, 0)))"
                + " from (" + changes(afterEpoch) + ") changes group by tx";
    }

    /** The rows of the change stream, those of a snapshot left out. */
    private static String changes(long afterEpoch) {
        return SourceTable.ALL.stream()
                .map(table -> "select _tx_id as tx, _epoch as epoch, '" + table.name() + "|' || _op || '|' || "
                        + key(table) + " as entry from bronze." + table.name() + " where _tx_id <> 0 and _epoch > "
                        + afterEpoch)
                .collect(Collectors.joining(" union all "));
    }

    /** A truncate has no key. */
    private static String key(SourceTable table) {
        return "coalesce("
                + table.primaryKey().stream()
                        .map(column -> "cast(" + column + " as varchar)")
                        .collect(Collectors.joining(" || ':' || "))
                + ", '')";
    }

    /** Gives the entries of a transaction, {@code table|operation|key}. */
    @FunctionalInterface
    interface Entries {
        List<String> of(long transaction) throws SQLException;
    }

    /**
     * A transaction as bronze has it.
     *
     * @param digest what its rows come to
     * @param firstEpoch the first epoch in which it has a row
     * @param lastEpoch the last
     */
    record InBronze(TransactionDigest digest, long firstEpoch, long lastEpoch) {}

    /**
     * What a comparison found.
     *
     * @param transactions how many transactions were compared
     * @param lost transactions of which bronze lacks a row
     * @param repeated transactions of which bronze has a row too many
     * @param torn transactions whose rows lie in two epochs
     * @param examples a line on each of the first that are wrong
     */
    record Findings(long transactions, long lost, long repeated, long torn, List<String> examples) {
        Findings {
            examples = List.copyOf(examples);
        }
    }

    private record Difference(List<String> missing, List<String> extra) {

        static Difference of(List<String> written, List<String> inBronze) {
            List<String> missing = new ArrayList<>(written);
            List<String> extra = new ArrayList<>();
            for (String entry : inBronze) {
                if (!missing.remove(entry)) {
                    extra.add(entry);
                }
            }
            return new Difference(missing, extra);
        }

        String text() {
            return missing.size() + " rows missing in bronze " + first(missing) + ", " + extra.size() + " too many "
                    + first(extra);
        }

        private static String first(List<String> entries) {
            return entries.stream().limit(3).toList().toString();
        }
    }
}
