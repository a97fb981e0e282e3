package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.source.ColumnReader;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A part of a table, by the pages that its rows lie on.
 *
 * @param table the table
 * @param firstPage the first page
 * @param endPage the page after the last; {@link #TO_THE_END} for all from the first on
 */
record TableRange(PublishedTable table, long firstPage, long endPage) {

    /** As {@code endPage}: no end, so that pages that came after the table was measured are in. */
    static final long TO_THE_END = Long.MAX_VALUE;

    /** Postgres' page size unless it was built with another; only the balance between readers depends on it. */
    private static final long PAGE_BYTES = 8192;
    /** Below this a table is not worth a second reader. */
    private static final long LEAST_BYTES = 16L << 20;
    /** Each range becomes a file, and Parquet takes less than the table. */
    private static final long MOST_BYTES = 512L << 20;

    TableRange {
        requireNonNull(table, "table");
    }

    /** Divides a table among so many readers. */
    static List<TableRange> of(PublishedTable table, int readers) {
        long pages = table.bytes() / PAGE_BYTES;
        long bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, table.bytes() / readers + 1));
        long step = bytes / PAGE_BYTES;
        List<TableRange> ranges = new ArrayList<>();
        long first = 0;
        while (!table.partitioned() && pages - first > step) {
            ranges.add(new TableRange(table, first, first + step));
            first += step;
        }
        ranges.add(new TableRange(table, first, TO_THE_END));
        return ranges;
    }

    /** The COPY of its rows. */
    String copy(List<ColumnReader> readers) {
        List<String> conditions = new ArrayList<>();
        if (firstPage > 0) {
            conditions.add("ctid >= '(" + firstPage + ",0)'::tid");
        }
        if (endPage != TO_THE_END) {
            conditions.add("ctid < '(" + endPage + ",0)'::tid");
        }
        table.rowFilter().ifPresent(filter -> conditions.add("(" + filter + ")"));
        // ONLY: a table that others inherit from publishes its own rows; a partitioned one has none of its own.
        return "COPY (SELECT "
                + readers.stream().map(ColumnReader::copyExpression).collect(Collectors.joining(", "))
                + " FROM " + (table.partitioned() ? "" : "ONLY ") + SqlName.quote(table.schema(), table.name())
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                + ") TO STDOUT (FORMAT binary)";
    }

    /** About how many bytes it has, to begin with the large ones. */
    long bytes() {
        return Math.min(endPage, table.bytes() / PAGE_BYTES) * PAGE_BYTES - firstPage * PAGE_BYTES;
    }
}
