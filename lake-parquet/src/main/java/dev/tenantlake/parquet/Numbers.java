package dev.tenantlake.parquet;

/** A dictionary's numbers of 4 or 8 bytes, found by their bits, whatever these stand for. */
final class Numbers implements PageDictionary.Entries {

    private final int width;
    private final ByteBlock entries = new ByteBlock();
    private final EntryIndex index = new EntryIndex();

    /** Whether numbers of so many bytes have a dictionary. */
    static boolean haveWidth(int bytes) {
        return bytes == Integer.BYTES || bytes == Long.BYTES;
    }

    /** @param width how many bytes each has */
    Numbers(int width) {
        this.width = width;
    }

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
        long last = 0;
        int lastId = -1;
        for (int i = 0; i < values; i++) {
            long value = at(page, i);
            if (lastId < 0 || value != last) {
                lastId = idOf(value);
                last = value;
                if (limit.isReached(index.count(), i + 1)) {
                    return false;
                }
            }
            ids[i] = lastId;
        }
        return true;
    }

    @Override
    public void truncate(int count) {
        entries.truncate(count * width);
        index.truncate(count);
    }

    private long at(ByteBlock block, int number) {
        return width == Long.BYTES ? block.longAt(number * Long.BYTES) : block.intAt(number * Integer.BYTES);
    }

    private int idOf(long value) {
        int hash = (int) (value * 0x9E3779B97F4A7C15L >>> 32);
        int slot = index.first(hash);
        for (int id = index.entry(slot); id >= 0; id = index.entry(slot)) {
            if (at(entries, id) == value) {
                return id;
            }
            slot = index.next(slot);
        }
        if (width == Long.BYTES) {
            entries.putLong(value);
        } else {
            entries.putInt((int) value);
        }
        return index.add(slot, hash);
    }
}
