package dev.tenantlake.parquet;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/**
 * What the elements of a column of lists are, or a field of them. Parquet says of each whether it is the first of its row,
 * the repetition level, and how much of it is there, from no list at all up to a value: the definition level.
 */
final class ListLeaf extends LeafColumn {

    private final ListColumn lists;
    private final LeafColumn elements;
    /** The definition level of a value. */
    private final int valueLevel;

    ListLeaf(ListColumn lists, PrimitiveType type, int valueLevel) {
        super(type);
        this.lists = requireNonNull(lists, "lists");
        this.elements = LeafColumn.of(type);
        this.valueLevel = valueLevel;
    }

    /** The column that takes them, null among them. */
    Column elements() {
        return elements;
    }

    @Override
    ByteBlock plain() {
        return elements.plain();
    }

    @Override
    int rows() {
        return lists.rows();
    }

    @Override
    int entries() {
        return lists.entries();
    }

    @Override
    int values() {
        return elements.values();
    }

    @Override
    void summarize(Statistics<?> statistics) {
        elements.summarize(statistics);
    }

    @Override
    Encoding encode(ByteBlock to) {
        return elements.encode(to);
    }

    @Override
    int sharedBytes() {
        return elements.sharedBytes();
    }

    @Override
    void endChunk(PageWriter pages) throws IOException {
        elements.endChunk(pages);
    }

    @Override
    Encoding repetition() {
        return Encoding.RLE;
    }

    @Override
    void putLevels(ByteBlock page) {
        int[] repetitions = new int[entries()];
        int[] definitions = new int[entries()];
        int entry = 0;
        int element = 0;
        for (int row = 0; row < rows(); row++) {
            int size = lists.size(row);
            if (size == 0) {
                definitions[entry++] = lists.emptyLevel(row);
            }
            for (int i = 0; i < size; i++) {
                repetitions[entry] = i == 0 ? 0 : 1;
                definitions[entry++] = elements.isNull(element++) ? valueLevel - 1 : valueLevel;
            }
        }
        if (element != elements.rows()) {
            throw new IllegalStateException(
                    "lists of " + element + " elements were given " + elements.rows() + " in column " + type());
        }
        putLevels(repetitions, 1, page);
        putLevels(definitions, valueLevel, page);
    }

    private static void putLevels(int[] levels, int highest, ByteBlock page) {
        int start = beginLevels(page);
        HybridRuns.put(levels, levels.length, HybridRuns.bits(highest), page);
        endLevels(start, page);
    }

    @Override
    void reset() {
        elements.reset();
    }
}
