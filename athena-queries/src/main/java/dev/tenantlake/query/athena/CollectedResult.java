package dev.tenantlake.query.athena;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps a result, up to a number of rows. */
public final class CollectedResult implements ResultSink {

    private final int most;
    private final List<List<String>> rows = new ArrayList<>();
    private List<ResultColumn> columns = List.of();
    private boolean isCut;

    /** @param most how many rows it keeps; of a longer result the first */
    public CollectedResult(int most) {
        this.most = most;
    }

    @Override
    public void columns(List<ResultColumn> resultColumns) {
        columns = List.copyOf(resultColumns);
    }

    @Override
    public boolean rows(List<List<String>> next) {
        int room = most - rows.size();
        isCut |= next.size() > room;
        rows.addAll(next.subList(0, Math.min(room, next.size())));
        return !isCut;
    }

    public List<ResultColumn> columns() {
        return columns;
    }

    /** The rows that were kept; a value is its text, or null. */
    public List<List<String>> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** Whether there were more rows. */
    public boolean isCut() {
        return isCut;
    }
}
