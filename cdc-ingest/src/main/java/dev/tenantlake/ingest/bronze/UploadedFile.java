package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochManifest.DataFile;

/**
 * A bronze file that lies in the lake, and is not part of it until its epoch's manifest is.
 *
 * @param dataFile as the manifest names it
 * @param schema of its rows
 * @param truncated whether one of its rows is a truncate
 */
public record UploadedFile(DataFile dataFile, FileSchema schema, boolean truncated) {
    public UploadedFile {
        requireNonNull(dataFile, "dataFile");
        requireNonNull(schema, "schema");
    }
}
