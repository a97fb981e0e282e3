package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a published table cannot be carried into the lake.
 *
 * @param table the table
 * @param found what is wrong with it
 * @param expected what was expected, and what to do
 */
public record TableFault(PublishedTable table, String found, String expected) {

    public TableFault {
        requireNonNull(table, "table");
        requireNonNull(found, "found");
        requireNonNull(expected, "expected");
    }

    /** What is wrong with a publication's tables: of each the first thing, in the order of the tables. */
    public static List<TableFault> of(Publication publication) {
        Map<String, PublishedTable> byName = new HashMap<>();
        List<TableFault> faults = new ArrayList<>();
        for (PublishedTable table : publication.tables()) {
            Optional<TableFault> fault = of(table, publication.name());
            PublishedTable other = byName.putIfAbsent(table.name(), table);
            if (fault.isEmpty() && other != null) {
                fault = Optional.of(new TableFault(
                        table,
                        "the name of " + other.qualifiedName() + ", which is published too",
                        "one table of a name, since bronze has one folder for each"));
            }
            fault.ifPresent(faults::add);
        }
        return faults;
    }

    private static Optional<TableFault> of(PublishedTable table, String publication) {
        if (!table.hasPrimaryKey()) {
            return Optional.of(new TableFault(
                    table,
                    "no primary key",
                    "one: ALTER TABLE " + table.qualifiedName()
                            + " ADD PRIMARY KEY (…), or take it out of publication '" + publication + "'"));
        }
        if (!table.fullReplicaIdentity()) {
            return Optional.of(new TableFault(
                    table,
                    "a replica identity that is not full",
                    "FULL, so that a delete says which row it was: ALTER TABLE " + table.qualifiedName()
                            + " REPLICA IDENTITY FULL"));
        }
        return BronzeNames.fault(
                        table.name(),
                        table.columns().stream()
                                .map(PublishedTable.Column::name)
                                .toList())
                .map(fault -> new TableFault(table, fault.found(), fault.expected()));
    }

    /** {@code what was wrong; expected …}, without the table's name. */
    public String reason() {
        return "it has " + found + "; expected " + expected;
    }
}
