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
    private long changed;
    private long rows;
    private Optional<StoppedTable> stopped;

    /**
     * The progress of a table.
     *
     * @param held the last epoch that it is known to hold
     * @param changed the epoch of its last commit; 0 if it has none
     * @param rows how many rows it has
     * @param stopped what the layer's position says of it
     */
    TableProgress(SourceTable table, long held, long changed, long rows, Optional<StoppedTable> stopped) {
        this.table = requireNonNull(table, "table");
        this.held = held;
        this.changed = changed;
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

    long changed() {
        return changed;
    }

    boolean isNew() {
        return changed == 0;
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
    void committed(HudiCommit commit, boolean replaced) {
        changed = commit.epoch();
        rows = (replaced ? 0 : rows) + commit.inserted() - commit.deleted();
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
