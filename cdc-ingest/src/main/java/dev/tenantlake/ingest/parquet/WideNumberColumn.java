package dev.tenantlake.ingest.parquet;

import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** A column of whole numbers of more than 64 bits, each of as many bytes as the type says. */
final class WideNumberColumn extends Column {

    private final int width;

    WideNumberColumn(PrimitiveType type) {
        super(type);
        this.width = type.getTypeLength();
    }

    @Override
    public void addBytes(byte[] from, int offset, int length) {
        if (length < 1 || length > width) {
            throw new IllegalArgumentException("a number of " + length + " bytes in column " + type());
        }
        int sign = from[offset] < 0 ? -1 : 0;
        for (int i = length; i < width; i++) {
            plain().putByte(sign);
        }
        plain().put(from, offset, length);
        added();
    }

    @Override
    void summarize(Statistics<?> statistics) {
        for (int at = 0; at < plain().size(); at += width) {
            // The statistics outlive the page: as reused bytes they copy what they keep.
            statistics.updateStats(Binary.fromReusedByteArray(plain().array(), at, width));
        }
    }
}
