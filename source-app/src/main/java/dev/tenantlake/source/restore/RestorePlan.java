package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore changes, or has changed, in all.
 *
 * @param tenant the tenant's slug
 * @param tenantId its id
 * @param table the table's name
 * @param epoch the epoch to whose end the rows go back
 * @param committedAt when its last transaction was committed, by the source's clock
 * @param keepNew whether rows stay that were not there then
 * @param insert how many rows come back
 * @param update how many rows get values back
 * @param delete how many rows go
 * @param same how many rows are as they were
 * @param newer how many rows stay that were not there then; 0 unless they are kept
 * @param heldBack how many rows stay as they are because they were held back in quarantine then
 * @param updatedColumns by column, in how many of the updated rows its value changes
 * @param notRestored by column, why it is left out
 * @param alsoChanged what the source does to other tables by itself, a line for each
 * @param obstacle why it cannot be applied as things are, and what to do
 * @param applied whether it has been applied
 */
record RestorePlan(
        String tenant,
        long tenantId,
        String table,
        long epoch,
        Instant committedAt,
        boolean keepNew,
        long insert,
        long update,
        long delete,
        long same,
        long newer,
        long heldBack,
        Map<String, Long> updatedColumns,
        Map<String, String> notRestored,
        List<String> alsoChanged,
        Optional<String> obstacle,
        boolean applied) {

    RestorePlan {
        requireNonNull(tenant, "tenant");
        requireNonNull(table, "table");
        requireNonNull(committedAt, "committedAt");
        updatedColumns = Map.copyOf(updatedColumns);
        notRestored = Map.copyOf(notRestored);
        alsoChanged = List.copyOf(alsoChanged);
        requireNonNull(obstacle, "obstacle");
    }

    /** Whether there is nothing to change. */
    boolean isEmpty() {
        return insert + update + delete == 0;
    }
}
