package dev.tenantlake.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A position in Postgres' write-ahead log, in bytes from its beginning, written as Postgres writes it: two hexadecimal
 * numbers with a slash between them.
 *
 * @param value the position, compared as an unsigned number
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /**
     * Reads Postgres' form, such as {@code 0/1A2B3C}.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    @JsonCreator
    public static Lsn parse(String text) {
        String[] halves = text.split("/", -1);
        if (halves.length != 2) {
            throw new IllegalArgumentException("not an LSN such as 0/1A2B3C: " + text);
        }
        try {
            return new Lsn(((long) Integer.parseUnsignedInt(halves[0], 16) << 32)
                    | Integer.toUnsignedLong(Integer.parseUnsignedInt(halves[1], 16)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an LSN such as 0/1A2B3C: " + text, e);
        }
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    @JsonValue
    public String toString() {
        return String.format("%X/%X", value >>> 32, value & 0xFFFF_FFFFL);
    }
}
