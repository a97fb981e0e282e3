package dev.tenantlake.ingest.source;

/**
 * What becomes of a value that its bronze column cannot hold: NaN or infinity in a {@code numeric(p,s)}, or a timestamp
 * beyond the range of 64-bit microseconds. It never becomes null unnoticed.
 */
public enum UnrepresentablePolicy {
    /** Nothing of its epoch is stored, and cdc-ingest stops with a line that names the column. */
    STOP,
    /** Null is stored, and a warning that names the column is logged for each. */
    NULL
}
