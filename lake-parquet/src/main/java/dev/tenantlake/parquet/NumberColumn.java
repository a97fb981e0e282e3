package dev.tenantlake.parquet;

import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A column of numbers of 32 or 64 bits. */
final class NumberColumn extends DictionaryColumn {

    private final PrimitiveTypeName stored;

    NumberColumn(PrimitiveType type) {
        super(type, Optional.of(new Numbers(width(type.getPrimitiveTypeName()))));
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
}
