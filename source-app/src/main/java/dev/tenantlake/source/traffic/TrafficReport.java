package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the traffic has written; only what was committed.
 *
 * @param rate how many transactions a second there were
 * @param retried how many transactions the database undid because of somebody else's; others took their place
 * @param kinds how many transactions there were of each kind
 */
record TrafficReport(
        long seed,
        double seconds,
        long transactions,
        double rate,
        long retried,
        Map<String, Long> kinds,
        List<Table> tables) {

    TrafficReport {
        kinds = new TreeMap<>(kinds);
        tables = List.copyOf(tables);
    }

    /** For a person, on several lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "table", "inserted", "updated", "deleted");
        for (Table table : tables) {
            line(text, table.name(), number(table.inserted()), number(table.updated()), number(table.deleted()));
        }
        text.append(String.format(
                Locale.ROOT, "%,d transactions in %.1f s, %.1f a second (seed %d)", transactions, seconds, rate, seed));
        if (!kinds.isEmpty()) {
            text.append(System.lineSeparator())
                    .append(kinds.entrySet().stream()
                            .map(kind -> kind.getKey() + " " + number(kind.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String inserted, String updated, String deleted) {
        text.append(String.format(Locale.ROOT, "%-14s %9s %9s %9s%n", name, inserted, updated, deleted));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** How many rows of a table were written. */
    record Table(String name, long inserted, long updated, long deleted) {

        Table {
            requireNonNull(name, "name");
        }
    }
}
