package dev.tenantlake.parquet;

import java.io.IOException;
import java.util.Optional;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.schema.PrimitiveType;

/** A column whose values are written by a dictionary where that pays. */
abstract class DictionaryColumn extends LeafColumn {

    private Optional<PageDictionary> dictionary;

    /** @param entries the dictionary's, of which there are none yet; empty for a column that has no dictionary */
    DictionaryColumn(PrimitiveType type, Optional<PageDictionary.Entries> entries) {
        super(type);
        this.dictionary = entries.map(PageDictionary::new);
    }

    @Override
    final Encoding encode(ByteBlock to) {
        return dictionary.isPresent() && dictionary.get().encode(plain(), values(), to)
                ? Encoding.PLAIN_DICTIONARY
                : super.encode(to);
    }

    @Override
    final void unique() {
        dictionary = Optional.empty();
    }

    @Override
    final int sharedBytes() {
        return dictionary.map(PageDictionary::bytes).orElse(0);
    }

    @Override
    final void endChunk(PageWriter pages) throws IOException {
        if (dictionary.isPresent()) {
            dictionary.get().endChunk(pages);
        }
    }
}
