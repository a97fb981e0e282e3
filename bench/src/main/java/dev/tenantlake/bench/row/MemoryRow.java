package dev.tenantlake.bench.row;

import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the row of what memory the processes had resident. */
final class MemoryRow {

    private static final double MEBIBYTE = 1 << 20;

    private MemoryRow() {}

    static RowResult of(String name, LiveRows.Watched watched, Conditions conditions) {
        double all =
                watched.peaks().values().stream().mapToDouble(Long::doubleValue).sum();
        return new RowResult(
                name,
                "peak resident memory of each process",
                "nothing",
                List.of(Figure.of("sum of the peaks", Math.round(all / MEBIBYTE), "MiB", Optional.empty())),
                List.of(),
                List.of(new Table(
                        "",
                        List.of("process", "peak, MiB", "at the end, MiB"),
                        watched.peaks().entrySet().stream()
                                .map(peak -> List.of(
                                        peak.getKey(),
                                        mebibytes(peak.getValue()),
                                        mebibytes(watched.resident().get(peak.getKey()))))
                                .toList())),
                List.of("Of the processes of a lake that is up, from its start through the load of its shop and the"
                        + " traffic of the freshness row. The peak is the operating system's own (`VmHWM`); of"
                        + " Postgres it is the highest of what was seen every 5 s under the traffic, each of its"
                        + " processes with its part of what they share."),
                List.of(),
                conditions);
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f", bytes / MEBIBYTE);
    }
}
