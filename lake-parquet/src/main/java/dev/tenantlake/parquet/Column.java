package dev.tenantlake.parquet;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.parquet.schema.Type;

/**
 * A column of a {@link ColumnFileWriter}, which takes one value or null for each row. Which of the methods takes a value is
 * a matter of the column's type; the others throw {@link IllegalArgumentException}.
 */
public abstract class Column {

    private final Type type;

    Column(Type type) {
        this.type = requireNonNull(type, "type");
    }

    static Column of(Type field) {
        return field.isPrimitive() ? LeafColumn.of(field.asPrimitiveType()) : ListColumn.of(field.asGroupType());
    }

    public abstract void addNull();

    public void addBoolean(boolean value) {
        throw refused("a boolean");
    }

    /** Adds a number to a column of 32 bits. */
    public void addInt(int value) {
        throw refused("an int");
    }

    /** Adds a number to a column of 64 bits or of wide numbers, or to one of 32 if it fits. */
    public void addLong(long value) {
        throw refused("a long");
    }

    public void addFloat(float value) {
        throw refused("a float");
    }

    public void addDouble(double value) {
        throw refused("a double");
    }

    /** Adds text in UTF-8, or bytes; to a column of wide numbers one in two's complement, the highest byte first. */
    public void addBytes(byte[] from, int offset, int length) {
        throw refused("bytes");
    }

    /**
     * Adds a list, whose elements are added next.
     *
     * @param size how many they are
     * @return the column that takes them
     */
    public Column addList(int size) {
        throw refused("a list");
    }

    /**
     * The column that takes a field of a list's elements, where these are groups of fields: one value for each element.
     *
     * @param index the field's place in the element
     */
    public Column field(int index) {
        throw refused("a group of fields");
    }

    /** Adds a value by its class; null, a {@link Boolean}, {@link Integer}, {@link Long} … {@link String}, {@code byte[]}. */
    public final void add(Object value) {
        if (value == null) {
            addNull();
        } else if (value instanceof Long number) {
            addLong(number);
        } else if (value instanceof Integer number) {
            addInt(number);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            addBytes(bytes, 0, bytes.length);
        } else if (value instanceof byte[] bytes) {
            addBytes(bytes, 0, bytes.length);
        } else if (value instanceof Boolean truth) {
            addBoolean(truth);
        } else if (value instanceof Double number) {
            addDouble(number);
        } else if (value instanceof Float number) {
            addFloat(number);
        } else {
            throw refused("a " + value.getClass().getName());
        }
    }

    final IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("column " + type + " takes no value that is " + what);
    }

    /** The columns of the file that this one is written as, in the order of the schema. */
    abstract List<LeafColumn> leaves();

    /** Forgets the rows of a page that is complete. */
    abstract void reset();
}
