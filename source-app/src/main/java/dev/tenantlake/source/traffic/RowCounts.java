package dev.tenantlake.source.traffic;

import dev.tenantlake.model.SourceTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many rows of each table were inserted, updated and deleted. */
final class RowCounts {

    private final Map<SourceTable, long[]> counts = new HashMap<>();

    void add(SourceTable table, Change change, long rows) {
        of(table)[change.ordinal()] += rows;
    }

    void add(RowCounts other) {
        other.counts.forEach((table, rows) -> {
            for (Change change : Change.values()) {
                add(table, change, rows[change.ordinal()]);
            }
        });
    }

    /** The tables of which rows were written, in the order of {@link SourceTable#ALL}. */
    List<TrafficReport.Table> tables() {
        return SourceTable.ALL.stream()
                .filter(table -> Arrays.stream(of(table)).sum() > 0)
                .map(table -> new TrafficReport.Table(
                        table.name(),
                        of(table)[Change.INSERT.ordinal()],
                        of(table)[Change.UPDATE.ordinal()],
                        of(table)[Change.DELETE.ordinal()]))
                .toList();
    }

    private long[] of(SourceTable table) {
        return counts.computeIfAbsent(table, absent -> new long[Change.values().length]);
    }

    /** What is done to a row. */
    enum Change {
        INSERT,
        UPDATE,
        DELETE
    }
}
