package dev.tenantlake.ingest.source;

/**
 * The type of a source column, domains resolved to what they are made from.
 *
 * @param oid of the type in {@code pg_type}; the built-in ones have the same in every database
 * @param array whether it is an array
 * @param precision of {@code numeric(p,s)}, its p; -1 if the column does not constrain it, or is no numeric
 * @param scale of {@code numeric(p,s)}, its s
 */
public record SourceType(int oid, boolean array, int precision, int scale) {

    /** {@code numeric}, by its number in {@code pg_type}. */
    public static final int NUMERIC = 1700;
    /** A type modifier's offset, by Postgres' {@code VARHDRSZ}. */
    private static final int MODIFIER_OFFSET = 4;

    /** A type that has no precision. */
    public static SourceType of(int oid, boolean array) {
        return new SourceType(oid, array, -1, 0);
    }

    /**
     * The type that the catalog states.
     *
     * @param modifier {@code atttypmod}, or {@code typtypmod} of a domain; -1 for none
     */
    public static SourceType of(int oid, boolean array, int modifier) {
        if (oid != NUMERIC || modifier < MODIFIER_OFFSET) {
            return of(oid, array);
        }
        int packed = modifier - MODIFIER_OFFSET;
        // The scale is a signed number of 11 bits.
        return new SourceType(oid, array, (packed >> 16) & 0xFFFF, ((packed & 0x7FF) ^ 0x400) - 0x400);
    }
}
