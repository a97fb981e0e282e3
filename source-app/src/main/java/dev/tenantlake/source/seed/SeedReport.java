package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * What a seed has written.
 *
 * @param until the day with whose beginning, in UTC, the history ends
 * @param tables in the order in which they were written
 * @param rows of all tables
 * @param seconds for all of it, from the first connection to the commit
 */
record SeedReport(
        String scale, long seed, int tenants, LocalDate until, List<Table> tables, long rows, double seconds) {

    SeedReport {
        requireNonNull(scale, "scale");
        requireNonNull(until, "until");
        tables = List.copyOf(tables);
    }

    static SeedReport of(SeedPlan plan, List<Table> tables, Duration time) {
        return new SeedReport(
                plan.scale().label(),
                plan.seed(),
                plan.tenants(),
                plan.until(),
                tables,
                tables.stream().mapToLong(Table::rows).sum(),
                time.toMillis() / 1000.0);
    }

    /** For a person, on several lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "table", "rows", "seconds");
        for (Table table : tables) {
            line(text, table.name(), number(table.rows()), time(table.seconds()));
        }
        line(text, "total", number(rows), time(seconds));
        return text.append(String.format(
                        Locale.ROOT,
                        "seeded: scale %s, seed %d, %d tenants, %d months until %s",
                        scale,
                        seed,
                        tenants,
                        SeedPlan.MONTHS,
                        until))
                .toString();
    }

    private static void line(StringBuilder text, String name, String rows, String seconds) {
        text.append(String.format(Locale.ROOT, "%-14s %10s %8s%n", name, rows, seconds));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }

    /**
     * What was written to one table.
     *
     * @param seconds to make the rows up and to copy them
     */
    record Table(String name, long rows, double seconds) {

        Table {
            requireNonNull(name, "name");
        }

        Table(String name, long rows, Duration time) {
            this(name, rows, time.toMillis() / 1000.0);
        }
    }
}
