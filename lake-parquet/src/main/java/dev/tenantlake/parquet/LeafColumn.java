package dev.tenantlake.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * A column of the file. It holds the values of the page that is being filled in the form of Parquet's PLAIN encoding.
 */
abstract class LeafColumn extends Column {

    private final PrimitiveType type;
    private final boolean optional;
    private final ByteBlock plain = new ByteBlock();
    private int rows;
    private int nulls;
    /** A bit for each row, the lowest first: set if it is null. */
    private byte[] nullRows = {};

    LeafColumn(PrimitiveType type) {
        super(type);
        this.type = type;
        this.optional = type.isRepetition(Type.Repetition.OPTIONAL);
    }

    static LeafColumn of(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> new BooleanColumn(type);
            case INT32, INT64, FLOAT, DOUBLE -> new NumberColumn(type);
            case BINARY -> new BytesColumn(type);
            case FIXED_LEN_BYTE_ARRAY -> new WideNumberColumn(type);
            case INT96 -> throw new IllegalArgumentException("no column is written as " + type);
        };
    }

    @Override
    public void addNull() {
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

    final PrimitiveType type() {
        return type;
    }

    final boolean isOptional() {
        return optional;
    }

    @Override
    final List<LeafColumn> leaves() {
        return List.of(this);
    }

    /** The values of the page that are not null, in PLAIN encoding. */
    ByteBlock plain() {
        return plain;
    }

    /** How many rows the page has. */
    int rows() {
        return rows;
    }

    /** How many values the page has, and what stands in the place of one: nulls and lists without elements. */
    int entries() {
        return rows;
    }

    /** How many values of the page are not null. */
    int values() {
        return rows - nulls;
    }

    /** Whether a row's value is null. */
    final boolean isNull(int row) {
        int at = row / Byte.SIZE;
        return at < nullRows.length && (nullRows[at] >> row % Byte.SIZE & 1) != 0;
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

    /** No value comes twice. */
    void unique() {}

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
    void endPage(PageWriter pages, int expected, ByteBlock page) throws IOException {
        if (rows() != expected) {
            throw new IllegalStateException(
                    "column " + type.getName() + " has " + rows() + " rows and not " + expected);
        }
        page.truncate(0);
        putLevels(page);
        Statistics<?> statistics = Statistics.createStats(type);
        statistics.incrementNumNulls(entries() - values());
        Encoding encoding = Encoding.PLAIN;
        if (values() > 0) {
            summarize(statistics);
            encoding = encode(page);
        }
        pages.writePage(page.toInput(), entries(), expected, statistics, repetition(), Encoding.RLE, encoding);
    }

    /** How it is said which values are of one row; where each row has one nothing is said, which is called so. */
    Encoding repetition() {
        return Encoding.BIT_PACKED;
    }

    /** Appends which rows have a value. */
    void putLevels(ByteBlock page) {
        if (!optional) {
            return;
        }
        int start = beginLevels(page);
        if (nulls == 0 || nulls == rows) {
            HybridRuns.repeat(nulls == 0 ? 1 : 0, rows, 1, page);
        } else {
            HybridRuns.packedHeader(rows, page);
            for (int i = 0; i < (rows + 7) / 8; i++) {
                page.putByte(i < nullRows.length ? ~nullRows[i] : 0xFF);
            }
        }
        endLevels(start, page);
    }

    /** Leaves room for how many bytes levels take, which stands before them. */
    static int beginLevels(ByteBlock page) {
        page.putInt(0);
        return page.size();
    }

    static void endLevels(int start, ByteBlock page) {
        page.setInt(start - Integer.BYTES, page.size() - start);
    }

    @Override
    void reset() {
        plain.truncate(0);
        Arrays.fill(nullRows, (byte) 0);
        rows = 0;
        nulls = 0;
    }
}
