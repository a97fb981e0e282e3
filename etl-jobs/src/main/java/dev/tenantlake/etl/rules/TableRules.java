package dev.tenantlake.etl.rules;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;

/**
 * What is asked of a table.
 *
 * @param rows the rules that are judged by the row alone, in the order in which it is held against them
 * @param transitions which values of its columns may follow which
 * @param references which of its columns refer to rows of other tables
 * @param unique what no two of its rows have in common
 * @param minValidShare how many of its rows, from 0 to 1, have to be valid for gold to be computed from it
 */
public record TableRules(
        List<RowRule> rows,
        List<Transitions> transitions,
        List<Reference> references,
        List<Uniqueness> unique,
        double minValidShare) {

    public TableRules {
        rows = List.copyOf(rows);
        transitions = List.copyOf(transitions);
        references = List.copyOf(references);
        unique = List.copyOf(unique);
    }

    /**
     * The name of the first rule that a row breaks by itself, or null. A column that the source has dropped is missing
     * from no row.
     *
     * @param present the columns that the row came with
     */
    public Column firstBroken(Set<String> present) {
        requireNonNull(present, "present");
        return coalesce(rows.stream()
                .filter(rule -> rule.judges(present))
                .map(rule -> when(rule.broken(), lit(rule.name())))
                .toArray(Column[]::new));
    }

    /**
     * Holds for the rows that break one of some rules; empty if there is none of them.
     *
     * @param present the columns that the rows came with
     * @param compares whether it is about the rules that do no more than compare, or about the others
     */
    public Optional<Column> isBroken(Set<String> present, boolean compares) {
        return rows.stream()
                .filter(rule -> rule.compares() == compares && rule.judges(present))
                .map(RowRule::broken)
                .reduce(Column::or);
    }
}
