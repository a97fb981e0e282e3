package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

/**
 * A rule that every row of a silver table keeps.
 *
 * @param name how quarantine names it
 * @param brokenWhen an SQL condition over the table's columns that holds for the rows that break it; null counts as
 *     false
 */
record Rule(String name, String brokenWhen) {
    Rule {
        requireNonNull(name, "name");
        requireNonNull(brokenWhen, "brokenWhen");
    }
}
