package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table comes to.
 *
 * @param rows how many rows
 * @param sums by column, the sum of every numeric one
 * @param hash the sum over all rows of 60 bits of the MD5 of all columns
 */
public record Figures(long rows, Map<String, BigDecimal> sums, BigDecimal hash) {

    public Figures {
        // In the order of the columns.
        sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
        requireNonNull(hash, "hash");
    }

    /** Reads the row of {@link FiguredTable#inPostgres()} or {@link FiguredTable#inAthena()}. */
    static Figures of(FiguredTable table, List<String> row) {
        List<FigureColumn> numbers = table.numbers();
        if (row.size() != numbers.size() + 2) {
            throw new IllegalArgumentException(
                    "expected " + (numbers.size() + 2) + " figures of " + table.name() + ": " + row);
        }
        Map<String, BigDecimal> sums = new LinkedHashMap<>();
        for (int i = 0; i < numbers.size(); i++) {
            sums.put(numbers.get(i).name(), new BigDecimal(row.get(i + 1)));
        }
        return new Figures(Long.parseLong(row.get(0)), sums, new BigDecimal(row.get(row.size() - 1)));
    }
}
