package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;

/**
 * A complete bronze file on local disk.
 *
 * @param path where it is
 * @param schema of its rows
 * @param rows how many
 * @param bytes its size
 * @param operations how many of its rows stand for what
 */
public record FinishedFile(Path path, FileSchema schema, long rows, long bytes, Map<Operation, Long> operations) {
    public FinishedFile {
        requireNonNull(path, "path");
        requireNonNull(schema, "schema");
        operations = Map.copyOf(operations);
    }

    /** Whether one of its rows is a truncate. */
    boolean truncated() {
        return operations.containsKey(Operation.TRUNCATE);
    }
}
