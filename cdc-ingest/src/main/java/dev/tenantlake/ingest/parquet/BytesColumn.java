package dev.tenantlake.ingest.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** A column of text or bytes: of each value its length, then itself. */
final class BytesColumn extends Column {

    private final PageDictionary dictionary = new PageDictionary(new Texts());

    BytesColumn(PrimitiveType type) {
        super(type);
    }

    @Override
    public void addBytes(byte[] from, int offset, int length) {
        plain().putInt(length);
        plain().put(from, offset, length);
        added();
    }

    @Override
    void summarize(Statistics<?> statistics) {
        byte[] bytes = plain().array();
        int least = Integer.BYTES;
        int leastEnd = least + plain().intAt(0);
        int most = least;
        int mostEnd = leastEnd;
        int at = leastEnd;
        while (at < plain().size()) {
            int from = at + Integer.BYTES;
            int end = from + plain().intAt(at);
            if (Arrays.compareUnsigned(bytes, from, end, bytes, least, leastEnd) < 0) {
                least = from;
                leastEnd = end;
            } else if (Arrays.compareUnsigned(bytes, from, end, bytes, most, mostEnd) > 0) {
                most = from;
                mostEnd = end;
            }
            at = end;
        }
        // The statistics outlive the page.
        statistics.updateStats(Binary.fromConstantByteArray(Arrays.copyOfRange(bytes, least, leastEnd)));
        statistics.updateStats(Binary.fromConstantByteArray(Arrays.copyOfRange(bytes, most, mostEnd)));
    }

    @Override
    Encoding encode(ByteBlock to) {
        return dictionary.encode(values(), plain().size(), to) ? Encoding.PLAIN_DICTIONARY : super.encode(to);
    }

    @Override
    int sharedBytes() {
        return dictionary.bytes();
    }

    @Override
    void endChunk(PageWriter pages) throws IOException {
        dictionary.endChunk(pages);
    }

    /** A dictionary's values, found by a hash of their bytes. */
    private final class Texts implements PageDictionary.Entries {

        private final ByteBlock entries = new ByteBlock();
        /** By hash, the number of the entry and one; 0 for none. Its length is a power of two. */
        private int[] table = new int[16];
        /** Of each entry. */
        private int[] hashes = new int[8];
        /** Where each entry begins. */
        private int[] starts = new int[8];

        private int count;

        @Override
        public int count() {
            return count;
        }

        @Override
        public ByteBlock plain() {
            return entries;
        }

        @Override
        public boolean lookUp(int[] ids, int values, int most) {
            ByteBlock page = BytesColumn.this.plain();
            int at = 0;
            for (int i = 0; i < values; i++) {
                int end = at + Integer.BYTES + page.intAt(at);
                ids[i] = idOf(page, at, end);
                if (count > most) {
                    return false;
                }
                at = end;
            }
            return true;
        }

        @Override
        public void truncate(int first) {
            if (first < count) {
                entries.truncate(starts[first]);
            }
            count = first;
            rebuild(table.length);
        }

        private int idOf(ByteBlock page, int from, int end) {
            int hash = hash(page, from, end);
            int slot = hash & table.length - 1;
            while (table[slot] != 0) {
                int id = table[slot] - 1;
                if (hashes[id] == hash && isEntry(id, page, from, end)) {
                    return id;
                }
                slot = slot + 1 & table.length - 1;
            }
            if (count == starts.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
                starts = Arrays.copyOf(starts, 2 * count);
            }
            hashes[count] = hash;
            starts[count] = entries.size();
            entries.put(page.array(), from, end - from);
            table[slot] = ++count;
            if (count > table.length / 2) {
                rebuild(2 * table.length);
            }
            return count - 1;
        }

        /** Lengths are compared with the rest, as they stand before it. */
        private boolean isEntry(int id, ByteBlock page, int from, int end) {
            int start = starts[id];
            int stop = id + 1 < count ? starts[id + 1] : entries.size();
            return Arrays.equals(entries.array(), start, stop, page.array(), from, end);
        }

        private static int hash(ByteBlock page, int from, int end) {
            long hash = end - from;
            int at = from + Integer.BYTES;
            for (; at + Long.BYTES <= end; at += Long.BYTES) {
                hash = (hash ^ page.longAt(at)) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 32;
            }
            for (; at < end; at++) {
                hash = (hash ^ page.array()[at]) * 0x9E3779B97F4A7C15L;
            }
            return (int) (hash >>> 32);
        }

        private void rebuild(int length) {
            if (length == table.length) {
                Arrays.fill(table, 0);
            } else {
                table = new int[length];
            }
            for (int id = 0; id < count; id++) {
                int slot = hashes[id] & length - 1;
                while (table[slot] != 0) {
                    slot = slot + 1 & length - 1;
                }
                table[slot] = id + 1;
            }
        }
    }
}
