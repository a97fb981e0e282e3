package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares, table by table, how many change rows the manifests of bronze promise with how many changes were written, both
 * since the check began.
 */
final class CountCheck {

    private static final int AT_ONCE = 500;

    private final Map<String, Long> before;
    private final Map<String, Long> rows = new HashMap<>();
    private long epoch;

    /**
     * Begins after an epoch.
     *
     * @param before by table name, how many changes had been written up to its end, by the ledger
     */
    CountCheck(long epoch, Map<String, Long> before) {
        this.epoch = epoch;
        this.before = Map.copyOf(before);
    }

    /** The last epoch that it has seen. */
    long epoch() {
        return epoch;
    }

    /**
     * Reads on in the log of epochs and compares. Nothing may be written meanwhile, and bronze has to hold all that was.
     *
     * @return a line on each table that does not agree
     */
    List<String> compare(EpochLog epochs, Connection source) throws SQLException {
        requireNonNull(epochs, "epochs");
        List<EpochManifest> manifests;
        do {
            manifests = epochs.after(epoch, AT_ONCE);
            manifests.forEach(this::add);
        } while (manifests.size() == AT_ONCE);
        Map<String, Long> written = Ledger.entriesByTable(source);
        List<String> lines = new ArrayList<>();
        for (SourceTable table : SourceTable.ALL) {
            long inBronze = rows.getOrDefault(table.name(), 0L);
            long inSource = written.getOrDefault(table.name(), 0L) - before.getOrDefault(table.name(), 0L);
            if (inBronze != inSource) {
                lines.add("bronze." + table.name() + ": " + inSource + " changes were written, and its manifests hold "
                        + inBronze);
            }
        }
        return lines;
    }

    private void add(EpochManifest manifest) {
        epoch = manifest.epoch();
        if (manifest.kind() == EpochManifest.Kind.STREAM) {
            manifest.tables().forEach((table, slice) -> rows.merge(table, slice.rows(), Long::sum));
        }
    }
}
