package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.bench.machine.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the bench found on a machine.
 *
 * @param machine where it ran, with the versions of what was measured
 * @param rows those that were measured on it, in the order of the bench
 */
public record BenchReport(Machine machine, List<RowResult> rows) {

    public BenchReport {
        requireNonNull(machine, "machine");
        rows = List.copyOf(rows);
    }

    /**
     * This report with what an earlier one says of rows that were not measured now. What was measured on another machine,
     * or with other versions, is left out.
     *
     * @param order the names of all rows
     */
    public BenchReport over(Optional<BenchReport> earlier, List<String> order) {
        List<RowResult> all = new ArrayList<>(rows);
        earlier.filter(report -> report.machine().equals(machine))
                .ifPresent(report -> report.rows().stream()
                        .filter(row -> rows.stream()
                                .noneMatch(measured -> measured.name().equals(row.name())))
                        .forEach(all::add));
        all.sort(Comparator.comparingInt(row -> order.indexOf(row.name())));
        return new BenchReport(machine, all);
    }
}
