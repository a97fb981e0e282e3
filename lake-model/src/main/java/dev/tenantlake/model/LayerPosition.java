package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Instant;
import java.util.Map;

/**
 * How far a layer is: all its tables together hold the source as of the end of this epoch. It is written after the
 * tables' own commits, and each of those carries its epoch in its commit metadata, so a lost position costs a look at
 * the tables and nothing else.
 *
 * @param layer which layer
 * @param epoch the last epoch that all tables of the layer hold, but those that are stopped and those that trail
 * @param lsn where that epoch ends
 * @param firstCommittedAt when the first transaction was committed that the layer came to hold with its last step, by the
 *     source's clock
 * @param sourceCommittedAt when that epoch's last transaction was committed, by the source's clock
 * @param completedAt when the layer came to hold it, by the job's clock
 * @param tables by table name, the epoch of the last change to that table
 * @param stopped by table name, those that cannot follow
 * @param quality by table name, how good the rows are; silver's alone, and empty if a version wrote it that did not count
 * @param trailing by table name, the epoch that a table holds which follows only now and then, of those that do not hold
 *     the layer's; gold's alone
 */
public record LayerPosition(
        Layer layer,
        long epoch,
        Lsn lsn,
        Instant firstCommittedAt,
        Instant sourceCommittedAt,
        Instant completedAt,
        Map<String, Long> tables,
        Map<String, StoppedTable> stopped,
        Map<String, TableQuality> quality,
        Map<String, Long> trailing) {

    @JsonCreator
    public LayerPosition {
        requireNonNull(layer, "layer");
        requireNonNull(lsn, "lsn");
        requireNonNull(firstCommittedAt, "firstCommittedAt");
        requireNonNull(sourceCommittedAt, "sourceCommittedAt");
        requireNonNull(completedAt, "completedAt");
        tables = Map.copyOf(tables);
        stopped = Map.copyOf(stopped);
        quality = quality == null ? Map.of() : Map.copyOf(quality);
        trailing = trailing == null ? Map.of() : Map.copyOf(trailing);
    }

    /** The last epoch that all tables of the layer hold but those that are stopped: those that trail, too. */
    public long epochOfAll() {
        return trailing.values().stream().mapToLong(Long::longValue).reduce(epoch, Math::min);
    }

    /** A position that says nothing of how good the rows are. */
    public LayerPosition(
            Layer layer,
            long epoch,
            Lsn lsn,
            Instant firstCommittedAt,
            Instant sourceCommittedAt,
            Instant completedAt,
            Map<String, Long> tables,
            Map<String, StoppedTable> stopped) {
        this(layer, epoch, lsn, firstCommittedAt, sourceCommittedAt, completedAt, tables, stopped, Map.of());
    }

    /** A position in which no table trails. */
    public LayerPosition(
            Layer layer,
            long epoch,
            Lsn lsn,
            Instant firstCommittedAt,
            Instant sourceCommittedAt,
            Instant completedAt,
            Map<String, Long> tables,
            Map<String, StoppedTable> stopped,
            Map<String, TableQuality> quality) {
        this(layer, epoch, lsn, firstCommittedAt, sourceCommittedAt, completedAt, tables, stopped, quality, Map.of());
    }

    /**
     * A table that something stands in the way of: it keeps the rows that it has, and can be asked, while the others go
     * on. It follows again by itself when that is gone.
     *
     * @param epoch the epoch whose rows it holds; 0 if it holds none
     * @param reason one line on what stands in the way
     * @param remedy one line on what to do
     * @param since when it was found, by the job's clock
     */
    public record StoppedTable(long epoch, String reason, String remedy, Instant since) {
        public StoppedTable {
            requireNonNull(reason, "reason");
            requireNonNull(remedy, "remedy");
            requireNonNull(since, "since");
        }
    }
}
