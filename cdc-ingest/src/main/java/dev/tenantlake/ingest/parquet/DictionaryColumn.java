package dev.tenantlake.ingest.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.PrimitiveType;

/** A column whose values are written by a dictionary where that pays. */
abstract class DictionaryColumn extends Column {

    private final PageDictionary dictionary;

    /** @param entries the dictionary's, of which there are none yet */
    DictionaryColumn(PrimitiveType type, PageDictionary.Entries entries) {
        super(type);
        this.dictionary = new PageDictionary(entries);
    }

    @Override
    final Encoding encode(ByteBlock to) {
        return dictionary.encode(plain(), values(), to) ? Encoding.PLAIN_DICTIONARY : super.encode(to);
    }

    @Override
    final int sharedBytes() {
        return dictionary.bytes();
    }

    @Override
    final void endChunk(PageWriter pages) throws IOException {
        dictionary.endChunk(pages);
    }
}
