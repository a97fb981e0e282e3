package dev.tenantlake.parquet;

import java.io.IOException;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;

/**
 * The distinct values of a column's pages in one row group, each with a number. A page is written as numbers if that takes
 * less than half as much as its values; the first page that is not ends the dictionary until the next row group, and if it
 * is the first of all, until the file ends.
 */
final class PageDictionary {

    /** Where readers keep it while they read the row group. */
    private static final int MOST_BYTES = 1 << 20;
    /** What a dictionary takes beside its values, about: the header of its page. */
    private static final int OWN_BYTES = 32;

    private final Entries entries;
    private int[] ids = {};
    private boolean ended;
    private boolean worthIt = true;

    PageDictionary(Entries entries) {
        this.entries = entries;
    }

    /** Its values. */
    interface Entries {

        /** How many there are. */
        int count();

        /** The values, in PLAIN encoding and the order of their numbers. */
        ByteBlock plain();

        /**
         * Looks the values of a page up, and adds those that are new.
         *
         * @param page the values, in PLAIN encoding
         * @param values how many
         * @param ids takes the number of each
         * @param most with more entries than that it gives up
         * @return whether it did not
         */
        boolean lookUp(ByteBlock page, int values, int[] ids, int most);

        /** Forgets all values but the first ones. */
        void truncate(int count);
    }

    /**
     * Appends the values of a page as numbers.
     *
     * @param page the values, in PLAIN encoding
     * @param values how many
     * @return false if that does not pay, and nothing was appended
     */
    boolean encode(ByteBlock page, int values, ByteBlock to) {
        if (ended || !worthIt) {
            return false;
        }
        int before = entries.count();
        int bytesBefore = entries.plain().size();
        if (ids.length < values) {
            ids = new int[Math.max(values, 2 * ids.length)];
        }
        boolean all = entries.lookUp(page, values, ids, before + values / 2);
        int bits = HybridRuns.bits(Math.max(0, entries.count() - 1));
        long bytes = entries.plain().size() - bytesBefore + OWN_BYTES + (long) values * bits / Byte.SIZE;
        if (!all || bytes > page.size() / 2 || entries.plain().size() > MOST_BYTES) {
            entries.truncate(before);
            ended = true;
            worthIt = before > 0;
            return false;
        }
        to.putByte(bits);
        HybridRuns.put(ids, values, bits, to);
        return true;
    }

    /** About how many bytes it takes. */
    int bytes() {
        return entries.plain().size();
    }

    /** Writes it beside the pages of the row group, and begins the next one's. */
    void endChunk(PageWriter pages) throws IOException {
        if (entries.count() > 0) {
            pages.writeDictionaryPage(
                    new DictionaryPage(entries.plain().toInput(), entries.count(), Encoding.PLAIN_DICTIONARY));
        }
        entries.truncate(0);
        ended = false;
    }
}
