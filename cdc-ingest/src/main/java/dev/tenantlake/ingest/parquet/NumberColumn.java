package dev.tenantlake.ingest.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column of numbers of 32 or 64 bits. */
final class NumberColumn extends Column {

    private final PrimitiveTypeName stored;
    private final int width;
    private final PageDictionary dictionary = new PageDictionary(new Numbers());

    NumberColumn(PrimitiveType type) {
        super(type);
        this.stored = type.getPrimitiveTypeName();
        this.width =
                stored == PrimitiveTypeName.INT32 || stored == PrimitiveTypeName.FLOAT ? Integer.BYTES : Long.BYTES;
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

    /** A dictionary's numbers, found by their bits. */
    private final class Numbers implements PageDictionary.Entries {

        private final ByteBlock entries = new ByteBlock();
        /** By hash, the number of the entry and one; 0 for none. Its length is a power of two. */
        private int[] table = new int[16];

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
            long last = 0;
            int lastId = -1;
            for (int i = 0; i < values; i++) {
                long value = at(NumberColumn.this.plain(), i);
                if (lastId < 0 || value != last) {
                    lastId = idOf(value);
                    last = value;
                    if (count > most) {
                        return false;
                    }
                }
                ids[i] = lastId;
            }
            return true;
        }

        @Override
        public void truncate(int first) {
            count = first;
            entries.truncate(first * width);
            rebuild(table.length);
        }

        private long at(ByteBlock block, int index) {
            return width == Long.BYTES ? block.longAt(index * Long.BYTES) : block.intAt(index * Integer.BYTES);
        }

        private int idOf(long value) {
            int slot = slot(value);
            while (table[slot] != 0) {
                int id = table[slot] - 1;
                if (at(entries, id) == value) {
                    return id;
                }
                slot = slot + 1 & table.length - 1;
            }
            if (width == Long.BYTES) {
                entries.putLong(value);
            } else {
                entries.putInt((int) value);
            }
            table[slot] = ++count;
            if (count > table.length / 2) {
                rebuild(2 * table.length);
            }
            return count - 1;
        }

        private int slot(long value) {
            return (int) (value * 0x9E3779B97F4A7C15L >>> 32) & table.length - 1;
        }

        private void rebuild(int length) {
            if (length == table.length) {
                Arrays.fill(table, 0);
            } else {
                table = new int[length];
            }
            for (int id = 0; id < count; id++) {
                int slot = slot(at(entries, id));
                while (table[slot] != 0) {
                    slot = slot + 1 & table.length - 1;
                }
                table[slot] = id + 1;
            }
        }
    }
}
