package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochManifest.DataFile;
import java.util.Map;

/**
 * A bronze file that lies in the lake, and is not part of it until its epoch's manifest is.
 *
 * @param dataFile as the manifest names it
 * @param schema of its rows
 * @param operations how many of its rows stand for what
 */
public record UploadedFile(DataFile dataFile, FileSchema schema, Map<Operation, Long> operations) {
    public UploadedFile {
        requireNonNull(dataFile, "dataFile");
        requireNonNull(schema, "schema");
        operations = Map.copyOf(operations);
    }

    /** Whether one of its rows is a truncate. */
    boolean truncated() {
        return operations.containsKey(Operation.TRUNCATE);
    }
}
