package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Spans of a column's values. Who wants the rows of some reads no file that has none of them. */
public final class Spans {

    private final String column;
    /** By the least value of each span, its greatest; none overlaps another. */
    private final NavigableMap<Long, Long> spans = new TreeMap<>();

    /**
     * No values yet.
     *
     * @param column of whole numbers, or of instants: they are microseconds since 1970
     */
    public Spans(String column) {
        this.column = requireNonNull(column, "column");
    }

    /** Single values. */
    public static Spans of(String column, Collection<Long> values) {
        Spans spans = new Spans(column);
        values.forEach(value -> spans.add(value, value));
        return spans;
    }

    /**
     * Adds a span.
     *
     * @param least the least value in it
     * @param greatest the greatest value in it
     */
    public Spans add(long least, long greatest) {
        long from = least;
        long until = greatest;
        for (Map.Entry<Long, Long> other = overlapping(from, until); other != null; other = overlapping(from, until)) {
            spans.remove(other.getKey());
            from = Math.min(from, other.getKey());
            until = Math.max(until, other.getValue());
        }
        spans.put(from, until);
        return this;
    }

    String column() {
        return column;
    }

    /** The spans, by the least value of each its greatest. */
    NavigableMap<Long, Long> all() {
        return Collections.unmodifiableNavigableMap(spans);
    }

    /** Whether a value between two bounds, both included, may be among them. */
    boolean meet(long least, long greatest) {
        return overlapping(least, greatest) != null;
    }

    private Map.Entry<Long, Long> overlapping(long least, long greatest) {
        Map.Entry<Long, Long> last = spans.floorEntry(greatest);
        return last != null && last.getValue() >= least ? last : null;
    }
}
