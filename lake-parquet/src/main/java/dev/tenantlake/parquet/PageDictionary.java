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
         * @param limit says when it gives up
         * @return whether it did not
         */
        boolean lookUp(ByteBlock page, int values, int[] ids, Limit limit);

        /** Forgets all values but the first ones. */
        void truncate(int count);
    }

    /**
     * Up to how many entries a dictionary is tried. Most values of many columns come once, and after the first thousand it is
     * mostly clear.
     *
     * @param sample the most after the first {@link #SAMPLE} values
     * @param most the most at any time
     */
    record Limit(int sample, int most) {

        static final int SAMPLE = 1024;
        /** Chance can make a sample of a page whose dictionary pays look like one whose does not. */
        private static final double TOLERANCE = 1.02;

        /**
         * A page of so many values, half of which may be new ones.
         *
         * @param before the entries that there are already
         */
        static Limit of(int values, int before) {
            double half = values / 2.0;
            // So many different ones are in a sample of a page of which half are, if it does not matter where they
            // stand.
            double inSample = half * (1 - Math.exp(-SAMPLE / half));
            return new Limit(before + (int) Math.min(SAMPLE, inSample * TOLERANCE), before + values / 2);
        }

        /** Whether it gives up with so many entries after so many values. */
        boolean isReached(int entries, int values) {
            return entries > most || values == SAMPLE && entries > sample;
        }
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
        boolean all = entries.lookUp(page, values, ids, Limit.of(values, before));
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
