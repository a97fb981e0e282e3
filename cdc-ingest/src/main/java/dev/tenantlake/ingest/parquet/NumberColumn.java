package dev.tenantlake.ingest.parquet;

import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column of numbers of 32 or 64 bits. */
final class NumberColumn extends DictionaryColumn {

    private final PrimitiveTypeName stored;

    NumberColumn(PrimitiveType type) {
        super(type, new Numbers(width(type.getPrimitiveTypeName())));
        this.stored = type.getPrimitiveTypeName();
    }

    @Override
    public void addInt(int value) {
        if (stored != PrimitiveTypeName.INT32) {
            super.addInt(value);
        }
        plain().putInt(value);
        added();
    }

    @Override
    public void addLong(long value) {
        if (stored == PrimitiveTypeName.INT64) {
            plain().putLong(value);
            added();
        } else if (stored == PrimitiveTypeName.INT32) {
            addInt(Math.toIntExact(value));
        } else {
            super.addLong(value);
        }
    }

    @Override
    public void addFloat(float value) {
        if (stored != PrimitiveTypeName.FLOAT) {
            super.addFloat(value);
        }
        plain().putInt(Float.floatToRawIntBits(value));
        added();
    }

    @Override
    public void addDouble(double value) {
        if (stored != PrimitiveTypeName.DOUBLE) {
            super.addDouble(value);
        }
        plain().putLong(Double.doubleToRawLongBits(value));
        added();
    }

    @Override
    void summarize(Statistics<?> statistics) {
        int end = plain().size();
        switch (stored) {
            case INT32 -> {
                int least = plain().intAt(0);
                int most = least;
                for (int at = Integer.BYTES; at < end; at += Integer.BYTES) {
                    int value = plain().intAt(at);
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
                statistics.updateStats(least);
                statistics.updateStats(most);
            }
            case INT64 -> {
                long least = plain().longAt(0);
                long most = least;
                for (int at = Long.BYTES; at < end; at += Long.BYTES) {
                    long value = plain().longAt(at);
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
                statistics.updateStats(least);
                statistics.updateStats(most);
            }
            case FLOAT -> {
                for (int at = 0; at < end; at += Float.BYTES) {
                    statistics.updateStats(Float.intBitsToFloat(plain().intAt(at)));
                }
            }
            default -> {
                for (int at = 0; at < end; at += Double.BYTES) {
                    statistics.updateStats(Double.longBitsToDouble(plain().longAt(at)));
                }
            }
        }
    }

    private static int width(PrimitiveTypeName stored) {
        return stored == PrimitiveTypeName.INT32 || stored == PrimitiveTypeName.FLOAT ? Integer.BYTES : Long.BYTES;
    }

    /** A dictionary's numbers, found by their bits. */
    private static final class Numbers implements PageDictionary.Entries {

        private final int width;
        private final ByteBlock entries = new ByteBlock();
        private final EntryIndex index = new EntryIndex();

        /** @param width how many bytes each has, 4 or 8 */
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
        public boolean lookUp(ByteBlock page, int values, int[] ids, int most) {
            long last = 0;
            int lastId = -1;
            for (int i = 0; i < values; i++) {
                long value = at(page, i);
                if (lastId < 0 || value != last) {
                    lastId = idOf(value);
                    last = value;
                    if (index.count() > most) {
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
}
