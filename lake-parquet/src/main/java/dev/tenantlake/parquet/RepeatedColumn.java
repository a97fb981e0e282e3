package dev.tenantlake.parquet;

import java.io.IOException;
import java.util.Optional;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * A column that has the same value in all rows: a dictionary of one entry, and pages that say how often it comes. One that has
 * none in any row has pages that say so.
 */
final class RepeatedColumn extends LeafColumn {

    private final Optional<LeafColumn> value;

    /** @param value as in {@link #add} */
    RepeatedColumn(PrimitiveType type, Object value) {
        super(type);
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN || value == null && !isOptional()) {
            throw refused(value + " in all rows");
        }
        this.value = Optional.ofNullable(value).map(some -> {
            LeafColumn one = LeafColumn.of(type);
            one.add(some);
            return one;
        });
    }

    @Override
    public void addNull() {
        throw refused("null");
    }

    @Override
    void summarize(Statistics<?> statistics) {
        value.ifPresent(one -> one.summarize(statistics));
    }

    @Override
    int sharedBytes() {
        return value.map(one -> one.plain().size()).orElse(0);
    }

    @Override
    void endPage(PageWriter pages, int expected, ByteBlock page) throws IOException {
        page.truncate(0);
        if (isOptional()) {
            int start = beginLevels(page);
            HybridRuns.repeat(value.isPresent() ? 1 : 0, expected, 1, page);
            endLevels(start, page);
        }
        Statistics<?> statistics = Statistics.createStats(type());
        summarize(statistics);
        if (value.isPresent()) {
            page.putByte(HybridRuns.bits(0));
            HybridRuns.repeat(0, expected, HybridRuns.bits(0), page);
        } else {
            statistics.incrementNumNulls(expected);
        }
        pages.writePage(
                page.toInput(),
                expected,
                expected,
                statistics,
                repetition(),
                Encoding.RLE,
                value.isPresent() ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN);
    }

    @Override
    void endChunk(PageWriter pages) throws IOException {
        if (value.isPresent()) {
            pages.writeDictionaryPage(new DictionaryPage(value.get().plain().toInput(), 1, Encoding.PLAIN_DICTIONARY));
        }
    }
}
