package dev.tenantlake.etl.rules;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;

/**
 * A rule that is judged by the row alone.
 *
 * @param name how quarantine names it
 * @param missing the column that it asks a value of, if that is what it asks; a column that the source has dropped is
 *     missing from no row
 * @param broken holds for the rows that break it; null counts as false
 * @param compares whether it does no more than compare columns with constants and with nothing at all
 */
public record RowRule(String name, Optional<String> missing, Column broken, boolean compares) {
    public RowRule {
        requireNonNull(name, "name");
        requireNonNull(missing, "missing");
        requireNonNull(broken, "broken");
    }

    /** Whether a row can be judged that came with these columns. */
    boolean judges(Set<String> present) {
        return missing.isEmpty() || present.contains(missing.get());
    }
}
