package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

/**
 * A row on its way into a bronze file.
 *
 * @param operation what it stands for
 * @param stamp its transaction
 * @param ordinal its place in the epoch
 * @param values the source's columns in the order of the file's schema, each of the class that its
 *     {@link BronzeType.Kind} names, or null
 */
@SuppressWarnings("ArrayRecordComponent")
public record BronzeRow(Operation operation, RowStamp stamp, long ordinal, Object[] values) {

    public BronzeRow {
        requireNonNull(operation, "operation");
        requireNonNull(stamp, "stamp");
        requireNonNull(values, "values");
    }
}
