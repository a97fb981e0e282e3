package dev.tenantlake.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column that has the same value in all rows: a dictionary of one entry, and pages that say how often it comes. */
final class RepeatedColumn extends LeafColumn {

    private final LeafColumn value;

    /** @param value as in {@link #add}, not null */
    RepeatedColumn(PrimitiveType type, Object value) {
        super(type);
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN || value == null) {
            throw refused(value + " in all rows");
        }
        this.value = LeafColumn.of(type);
        this.value.add(value);
    }

    @Override
    public void addNull() {
        throw refused("null");
    }

    @Override
    void summarize(Statistics<?> statistics) {
        value.summarize(statistics);
    }

    @Override
    int sharedBytes() {
        return value.plain().size();
    }

    @Override
    void endPage(PageWriter pages, int expected, ByteBlock page) throws IOException {
        page.truncate(0);
        if (isOptional()) {
            int start = beginLevels(page);
            HybridRuns.repeat(1, expected, 1, page);
            endLevels(start, page);
        }
        page.putByte(HybridRuns.bits(0));
        HybridRuns.repeat(0, expected, HybridRuns.bits(0), page);
        Statistics<?> statistics = Statistics.createStats(type());
        summarize(statistics);
        pages.writePage(
                page.toInput(), expected, expected, statistics, repetition(), Encoding.RLE, Encoding.PLAIN_DICTIONARY);
    }

    @Override
    void endChunk(PageWriter pages) throws IOException {
        pages.writeDictionaryPage(new DictionaryPage(value.plain().toInput(), 1, Encoding.PLAIN_DICTIONARY));
    }
}
