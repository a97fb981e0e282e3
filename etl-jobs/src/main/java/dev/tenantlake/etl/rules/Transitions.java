package dev.tenantlake.etl.rules;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which values a column may have after which.
 *
 * @param column a column of text
 * @param next by value, those that may follow it; of a value that is not there nothing is asked
 */
public record Transitions(String column, Map<String, Set<String>> next) {

    public Transitions {
        requireNonNull(column, "column");
        next = next.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Set.copyOf(entry.getValue())));
    }

    /** How quarantine names the rule. */
    public String rule() {
        return column + "_transition";
    }

    /**
     * Whether a row may go from one value to another; it may always stay where it is.
     *
     * @param from null if it had none
     * @param to null if it has none
     */
    public boolean allow(String from, String to) {
        return from == null
                || to == null
                || from.equals(to)
                || !next.containsKey(from)
                || next.get(from).contains(to);
    }
}
