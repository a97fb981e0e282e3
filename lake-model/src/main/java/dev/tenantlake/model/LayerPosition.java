package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/**
 * How far a layer is: all its tables together hold the source as of the end of this epoch. It is written after the
 * tables' own commits, and each of those carries its epoch in its commit metadata, so a lost position costs a look at
 * the tables and nothing else.
 *
 * @param layer which layer
 * @param epoch the last epoch that all tables of the layer hold
 * @param lsn where that epoch ends
 * @param sourceCommittedAt when that epoch's last transaction was committed, by the source's clock
 * @param completedAt when the layer came to hold it, by the job's clock
 * @param tables by table name, the epoch of the last change to that table
 */
public record LayerPosition(
        Layer layer, long epoch, Lsn lsn, Instant sourceCommittedAt, Instant completedAt, Map<String, Long> tables) {

    public LayerPosition {
        requireNonNull(layer, "layer");
        requireNonNull(lsn, "lsn");
        requireNonNull(sourceCommittedAt, "sourceCommittedAt");
        requireNonNull(completedAt, "completedAt");
        tables = Map.copyOf(tables);
    }
}
