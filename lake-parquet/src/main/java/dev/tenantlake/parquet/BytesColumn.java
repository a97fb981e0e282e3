package dev.tenantlake.parquet;

import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** A column of text or bytes: of each value its length, then itself. */
final class BytesColumn extends DictionaryColumn {

    BytesColumn(PrimitiveType type) {
        super(type, Optional.of(new Texts()));
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

    /** A dictionary's values, found by a hash of their bytes. */
    private static final class Texts implements PageDictionary.Entries {

        private final ByteBlock entries = new ByteBlock();
        private final EntryIndex index = new EntryIndex();
        /** Where each entry begins. */
        private int[] starts = new int[8];

        @Override
        public int count() {
            return index.count();
        }

        @Override
        public ByteBlock plain() {
            return entries;
        }

        @Override
        public boolean lookUp(ByteBlock page, int values, int[] ids, PageDictionary.Limit limit) {
            int at = 0;
            for (int i = 0; i < values; i++) {
                int end = at + Integer.BYTES + page.intAt(at);
                ids[i] = idOf(page, at, end);
                if (limit.isReached(index.count(), i + 1)) {
                    return false;
                }
                at = end;
            }
            return true;
        }

        @Override
        public void truncate(int count) {
            if (count < index.count()) {
                entries.truncate(starts[count]);
            }
            index.truncate(count);
        }

        private int idOf(ByteBlock page, int from, int end) {
            int hash = hash(page, from, end);
            int slot = index.first(hash);
            for (int id = index.entry(slot); id >= 0; id = index.entry(slot)) {
                if (index.hash(id) == hash && isEntry(id, page, from, end)) {
                    return id;
                }
                slot = index.next(slot);
            }
            if (index.count() == starts.length) {
                starts = Arrays.copyOf(starts, 2 * starts.length);
            }
            starts[index.count()] = entries.size();
            entries.put(page.array(), from, end - from);
            return index.add(slot, hash);
        }

        /** Lengths are compared with the rest, as they stand before it. */
        private boolean isEntry(int id, ByteBlock page, int from, int end) {
            int start = starts[id];
            int stop = start + Integer.BYTES + entries.intAt(start);
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
    }
}
