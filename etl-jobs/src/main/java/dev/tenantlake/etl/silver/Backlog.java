package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.bronze.SchemaFit;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.SourceTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the epochs after the one that a table holds mean for it: from which of them on they count, and up to which of
 * them they can be read. Takes them one by one and in order, and keeps none.
 */
final class Backlog {

    private final SourceTable table;
    private final Set<String> required;

    private long from;
    private Optional<Obstacle> bySchema = Optional.empty();
    private Optional<Obstacle> byValue = Optional.empty();
    private boolean repairable = true;
    private boolean doubtful;
    private boolean lastFits = true;
    private boolean carried;

    /**
     * The backlog of a table.
     *
     * @param held the epoch that the table holds
     */
    Backlog(SourceTable table, long held) {
        this.table = requireNonNull(table, "table");
        this.required = required(table);
        this.from = held;
    }

    /** The columns that say whose row it is, which one, and where it lies. */
    private static Set<String> required(SourceTable table) {
        Set<String> columns = new LinkedHashSet<>(table.placementColumns());
        columns.add(table.tenantColumn());
        return columns;
    }

    /**
     * What stands in a table's way.
     *
     * @param epoch the first one that cannot be read
     * @param reason one line
     */
    record Obstacle(long epoch, String reason) {
        Obstacle {
            requireNonNull(reason, "reason");
        }
    }

    /** Takes note of the epoch that the table holds. */
    void holds(EpochManifest manifest) {
        carried = manifest.loaded().contains(table.name());
    }

    /** Takes the next epoch. */
    void add(EpochManifest manifest) {
        if (manifest.epoch() <= from) {
            return;
        }
        TableSlice slice = manifest.tables().get(table.name());
        if (slice != null && slice.truncated()) {
            startAgainAt(manifest.epoch());
        }
        boolean wasCarried = carried;
        carried = manifest.loaded().contains(table.name());
        if (wasCarried && !carried && bySchema.isEmpty()) {
            repairable = false;
            bySchema = Optional.of(new Obstacle(
                    manifest.epoch(),
                    "from epoch " + manifest.epoch() + " on bronze does not carry " + table.qualifiedName()
                            + ": it is not published, or not in a form that can be followed"));
        }
        if (slice == null) {
            return;
        }
        for (DataFile file : slice.files()) {
            SchemaFit fit = SchemaFit.of(table, required, manifest.schemas().get(file.schemaId()));
            doubtful |= !fit.doubtful().isEmpty();
            lastFits = fit.obstacle().isEmpty();
            if (!lastFits) {
                repairable &= fit.repairable();
                if (bySchema.isEmpty()) {
                    bySchema = Optional.of(new Obstacle(
                            manifest.epoch(),
                            "epoch " + manifest.epoch() + " of "
                                    + fit.obstacle().get()));
                }
            }
        }
    }

    /** All rows that were there before are gone with this epoch, and whatever was wrong with them. */
    private void startAgainAt(long epoch) {
        from = epoch - 1;
        bySchema = Optional.empty();
        byValue = Optional.empty();
        repairable = true;
        doubtful = false;
    }

    /** Takes note of a value that the lake's type does not have. */
    void stopAt(Obstacle found) {
        byValue = Optional.of(found);
    }

    /** The table took what it could up to an epoch; nothing of that counts any more. */
    void taken(long epoch) {
        from = Math.max(from, epoch);
        if (obstacle().isEmpty()) {
            bySchema = Optional.empty();
            repairable = true;
            doubtful = false;
        }
    }

    /** The epoch after which epochs count: the held one, or the one before the last that began with a truncate. */
    long from() {
        return from;
    }

    /** What stands in the table's way, or empty if all epochs can be read, as far as one can tell without doing so. */
    Optional<Obstacle> obstacle() {
        // A type that was put right in the source leaves epochs behind whose values may be right as well.
        boolean putRight = repairable && lastFits;
        return byValue.or(() -> putRight ? Optional.empty() : bySchema);
    }

    /** The last epoch that can be read, if those up to this one were added. */
    long until(long last) {
        return obstacle().map(found -> found.epoch() - 1).orElse(last);
    }

    /** Whether values have to be looked at before they are read. */
    boolean isDoubtful() {
        return doubtful;
    }

    /** Of the epochs given those that count, can be read and change the table. */
    List<EpochManifest> readable(List<EpochManifest> manifests) {
        return manifests.stream()
                .filter(manifest -> manifest.epoch() > from && manifest.epoch() <= until(Long.MAX_VALUE))
                .filter(manifest -> manifest.tables().containsKey(table.name()))
                .toList();
    }
}
