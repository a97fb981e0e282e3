package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A complete bronze file on local disk.
 *
 * @param path where it is
 * @param schema of its rows
 * @param rows how many
 * @param bytes its size
 * @param truncated whether one of them is a truncate
 */
public record FinishedFile(Path path, FileSchema schema, long rows, long bytes, boolean truncated) {
    public FinishedFile {
        requireNonNull(path, "path");
        requireNonNull(schema, "schema");
    }
}
