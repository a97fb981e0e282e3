package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A table's figures in the source and in the lake.
 *
 * @param table the table in the lake
 * @param source what Postgres says
 * @param lake what Athena says
 */
public record Comparison(String table, Figures source, Figures lake) {

    public Comparison {
        requireNonNull(table, "table");
        requireNonNull(source, "source");
        requireNonNull(lake, "lake");
    }

    @JsonProperty
    public boolean holds() {
        return mismatches().isEmpty();
    }

    /** One line for each figure that differs. */
    public List<String> mismatches() {
        List<String> lines = new ArrayList<>();
        if (source.rows() != lake.rows()) {
            lines.add(table + ": " + source.rows() + " rows in the source, " + lake.rows() + " in the lake");
        }
        source.sums().forEach((column, sum) -> {
            BigDecimal other = lake.sums().get(column);
            if (sum.compareTo(other) != 0) {
                lines.add(table + ": the sum of " + column + " is " + sum.toPlainString() + " in the source, "
                        + other.toPlainString() + " in the lake");
            }
        });
        if (lines.isEmpty() && source.hash().compareTo(lake.hash()) != 0) {
            lines.add(table + ": rows and sums agree, and the hash over all columns does not");
        }
        return lines;
    }
}
