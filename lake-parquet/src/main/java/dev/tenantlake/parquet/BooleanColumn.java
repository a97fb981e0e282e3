package dev.tenantlake.parquet;

import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType;

/** A column of truth values, eight to a byte. */
final class BooleanColumn extends LeafColumn {

    BooleanColumn(PrimitiveType type) {
        super(type);
    }

    @Override
    public void addBoolean(boolean value) {
        int bit = values() % Byte.SIZE;
        if (bit == 0) {
            plain().putByte(0);
        }
        if (value) {
            plain().array()[plain().size() - 1] |= (byte) (1 << bit);
        }
        added();
    }

    @Override
    void summarize(Statistics<?> statistics) {
        for (int i = 0; i < values(); i++) {
            statistics.updateStats((plain().array()[i / Byte.SIZE] >> i % Byte.SIZE & 1) != 0);
        }
    }
}
