package dev.tenantlake.ingest.parquet;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * A column of a {@link ColumnFileWriter}, which takes one value or null for each row. It holds the values of the page that
 * is being filled in the form of Parquet's PLAIN encoding. Which of the methods takes a value is a matter of the column's
 * type; the others throw {@link IllegalArgumentException}.
 */
public abstract class Column {

    private final PrimitiveType type;
    private final boolean optional;
    private final ByteBlock plain = new ByteBlock();
    private int rows;
    private int nulls;
    /** A bit for each row, the lowest first: set if it is null. */
    private byte[] nullRows = {};

    Column(PrimitiveType type) {
        this.type = requireNonNull(type, "type");
        this.optional = type.isRepetition(Type.Repetition.OPTIONAL);
    }

    static Column of(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> new BooleanColumn(type);
            case INT32, INT64, FLOAT, DOUBLE -> new NumberColumn(type);
            case BINARY -> new BytesColumn(type);
            case FIXED_LEN_BYTE_ARRAY -> new WideNumberColumn(type);
            case INT96 -> throw new IllegalArgumentException("no column is written as " + type);
        };
    }

    public final void addNull() {
        if (!optional) {
            throw refused("null");
        }
        int at = rows / Byte.SIZE;
        if (at >= nullRows.length) {
            nullRows = Arrays.copyOf(nullRows, Math.max(at + 1, 2 * nullRows.length));
        }
        nullRows[at] |= (byte) (1 << rows % Byte.SIZE);
        nulls++;
        rows++;
    }

    public void addBoolean(boolean value) {
        throw refused("a boolean");
    }

    /** Adds a number to a column of 32 bits. */
    public void addInt(int value) {
        throw refused("an int");
    }

    /** Adds a number to a column of 64 bits, or to one of 32 if it fits. */
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

    private IllegalArgumentException refused(String what) {
        return new IllegalArgumentException("column " + type + " takes no value that is " + what);
    }

    final PrimitiveType type() {
        return type;
    }

    /** The values of the page that are not null, in PLAIN encoding. */
    final ByteBlock plain() {
        return plain;
    }

    /** How many values of the page are not null. */
    final int values() {
        return rows - nulls;
    }

    /** Says that a value was appended to {@link #plain}. */
    final void added() {
        rows++;
    }

    /** Tells a page's statistics of its values; there is at least one. */
    abstract void summarize(Statistics<?> statistics);

    /** Appends the page's values to it, and says how. */
    Encoding encode(ByteBlock to) {
        to.put(plain);
        return Encoding.PLAIN;
    }

    /** About how many bytes the pages of the row group share. */
    int sharedBytes() {
        return 0;
    }

    /** Completes what the pages of the row group share. */
    void endChunk(PageWriter pages) throws IOException {}

    /**
     * Completes the page.
     *
     * @param expected how many rows it has to have
     * @param page what it is made in
     */
    final void endPage(PageWriter pages, int expected, ByteBlock page) throws IOException {
        if (rows != expected) {
            throw new IllegalStateException("column " + type.getName() + " has " + rows + " rows and not " + expected);
        }
        page.truncate(0);
        if (optional) {
            putLevels(page);
        }
        Statistics<?> statistics = Statistics.createStats(type);
        statistics.incrementNumNulls(nulls);
        Encoding encoding = Encoding.PLAIN;
        if (values() > 0) {
            summarize(statistics);
            encoding = encode(page);
        }
        pages.writePage(page.toInput(), rows, rows, statistics, Encoding.BIT_PACKED, Encoding.RLE, encoding);
        plain.truncate(0);
        Arrays.fill(nullRows, (byte) 0);
        rows = 0;
        nulls = 0;
    }

    /** Which rows have a value: a bit for each, and before them how many bytes they take. */
    private void putLevels(ByteBlock page) {
        page.putInt(0);
        if (nulls == 0 || nulls == rows) {
            HybridRuns.repeat(nulls == 0 ? 1 : 0, rows, 1, page);
        } else {
            HybridRuns.packedHeader(rows, page);
            for (int i = 0; i < (rows + 7) / 8; i++) {
                page.putByte(i < nullRows.length ? ~nullRows[i] : 0xFF);
            }
        }
        page.setInt(0, page.size() - Integer.BYTES);
    }
}
