package dev.tenantlake.local.lakeformation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog.Column;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonInput;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Some of a table's columns: those that are named, or all but those that are named. Of the latter kind, a column that
 * the table gets later is one too.
 *
 * @param allBut which of the two
 * @param names in small letters
 */
record ColumnSelection(boolean allBut, Set<String> names) {

    static final ColumnSelection ALL = new ColumnSelection(true, Set.of());

    ColumnSelection {
        names = new TreeSet<>(names);
    }

    /** Reads the members {@code ColumnNames} or {@code ColumnWildcard}, one of which must be there. */
    static ColumnSelection of(JsonInput input) {
        List<String> names = input.texts("ColumnNames");
        if (input.has("ColumnWildcard") == !names.isEmpty()) {
            throw input.invalid("either ColumnNames or ColumnWildcard must be given");
        }
        return names.isEmpty()
                ? new ColumnSelection(
                        true, lower(input.structure("ColumnWildcard").texts("ExcludedColumnNames")))
                : new ColumnSelection(false, lower(names));
    }

    /** Puts the same members. */
    void describe(ObjectNode node) {
        ArrayNode list = allBut
                ? node.putObject("ColumnWildcard").putArray("ExcludedColumnNames")
                : node.putArray("ColumnNames");
        names.forEach(list::add);
    }

    /** The names of the table's columns that are among these, partition keys included. */
    Set<String> of(Table table) {
        return columns(table)
                .filter(column -> names.contains(column) != allBut)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** @throws AwsFault if one that is named is none of the table's */
    void requireIn(Table table, JsonInput input) {
        Set<String> there = columns(table).collect(Collectors.toSet());
        for (String name : names) {
            if (!there.contains(name)) {
                throw input.invalid("Column " + name + " is not in table " + table.name());
            }
        }
    }

    private static Stream<String> columns(Table table) {
        return Stream.concat(table.columns().stream(), table.partitionKeys().stream())
                .map(Column::name)
                .map(name -> name.toLowerCase(Locale.ROOT));
    }

    private static Set<String> lower(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }
}
