package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.Optional;

/** How far one silver table is, and what stands in its way if something does. */
final class TableProgress {

    private final SourceTable table;
    private final Backlog backlog;

    private long held;
    private Optional<HudiCommit> commit;
    private long rows;
    private Optional<StoppedTable> stopped;

    /**
     * The progress of a table.
     *
     * @param held the last epoch that it is known to hold
     * @param commit its last commit
     * @param rows how many rows it has
     * @param stopped what the layer's position says of it
     */
    TableProgress(
            SourceTable table, long held, Optional<HudiCommit> commit, long rows, Optional<StoppedTable> stopped) {
        this.table = requireNonNull(table, "table");
        this.held = held;
        this.commit = requireNonNull(commit, "commit");
        this.rows = rows;
        this.stopped = requireNonNull(stopped, "stopped");
        this.backlog = new Backlog(table, held);
    }

    SourceTable table() {
        return table;
    }

    /** The epochs after the held one, those of a table that follows as they come and those of a stopped one for long. */
    Backlog backlog() {
        return backlog;
    }

    long held() {
        return held;
    }

    /** Its last commit, or empty if it has none. */
    Optional<HudiCommit> commit() {
        return commit;
    }

    /** The epoch of its last commit; 0 if it has none. */
    long changed() {
        return commit.map(HudiCommit::epoch).orElse(0L);
    }

    boolean isNew() {
        return commit.isEmpty();
    }

    Optional<StoppedTable> stopped() {
        return stopped;
    }

    /** How many rows it has. */
    long rows() {
        return rows;
    }

    /**
     * The table has another commit.
     *
     * @param replaced whether its rows are all that the table has
     */
    void committed(HudiCommit made, boolean replaced) {
        commit = Optional.of(made);
        rows = (replaced ? 0 : rows) + made.inserted() - made.deleted();
    }

    /** The table holds this epoch. */
    void reached(long epoch) {
        held = Math.max(held, epoch);
    }

    /** The table cannot follow. */
    void stop(String reason, String remedy, Instant now) {
        Instant since = stopped.map(StoppedTable::since).orElse(now);
        stopped = Optional.of(new StoppedTable(held, reason, remedy, since));
    }

    /** The table follows again. */
    void goOn() {
        stopped = Optional.empty();
    }
}
