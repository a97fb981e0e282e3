package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What bringing the grants in step came to.
 *
 * @param slugs of the tenants whose analysts have their grants, in alphabetical order
 * @param refused by slug, why a tenant has none
 * @param tables the qualified names of the tables that are granted
 * @param changes in the order in which they were made
 * @param kept how many things were as they should be
 */
record GrantsReport(
        List<String> slugs, SortedMap<String, String> refused, List<String> tables, List<Change> changes, int kept) {

    GrantsReport {
        slugs = slugs.stream().sorted().toList();
        refused = new TreeMap<>(requireNonNull(refused, "refused"));
        tables = List.copyOf(tables);
        changes = List.copyOf(changes);
    }

    /** One line that says it all: how many tenants and tables, how much was changed. */
    String summary() {
        return slugs.size() + " tenants, " + tables.size() + " tables: " + changes.size() + " changed ("
                + count(Change.Action.CREATED) + " created, " + count(Change.Action.UPDATED) + " updated, "
                + count(Change.Action.REMOVED) + " removed), " + kept + " kept"
                + (refused.isEmpty() ? "" : "; " + refused.size() + " tenants refused");
    }

    private long count(Change.Action action) {
        return changes.stream().filter(change -> change.action() == action).count();
    }
}
