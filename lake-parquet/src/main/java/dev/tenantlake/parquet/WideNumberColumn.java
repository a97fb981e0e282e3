package dev.tenantlake.parquet;

import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/** A column of whole numbers, each of as many bytes as the type says, the highest first: decimals, in most files. */
final class WideNumberColumn extends DictionaryColumn {

    private final int width;
    /** Whether a value is a number that a long holds. */
    private final boolean isLong;

    WideNumberColumn(PrimitiveType type) {
        super(
                type,
                Numbers.haveWidth(type.getTypeLength())
                        ? Optional.of(new Numbers(type.getTypeLength()))
                        : Optional.empty());
        this.width = type.getTypeLength();
        this.isLong = width <= Long.BYTES && type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation;
    }

    @Override
    public void addLong(long value) {
        int unused = Long.SIZE - width * Byte.SIZE;
        if (unused > 0 && value << unused >> unused != value) {
            throw new IllegalArgumentException("the number " + value + " in column " + type());
        }
        for (int shift = (width - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            plain().putByte((int) (value >> Math.min(shift, Long.SIZE - 1)));
        }
        added();
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
        if (!isLong) {
            for (int at = 0; at < plain().size(); at += width) {
                summarize(statistics, at);
            }
            return;
        }
        int least = 0;
        int most = 0;
        long leastValue = plain().numberAt(0, width);
        long mostValue = leastValue;
        for (int at = width; at < plain().size(); at += width) {
            long value = plain().numberAt(at, width);
            if (value < leastValue) {
                least = at;
                leastValue = value;
            } else if (value > mostValue) {
                most = at;
                mostValue = value;
            }
        }
        summarize(statistics, least);
        summarize(statistics, most);
    }

    private void summarize(Statistics<?> statistics, int at) {
        // The statistics outlive the page: as reused bytes they copy what they keep.
        statistics.updateStats(Binary.fromReusedByteArray(plain().array(), at, width));
    }
}
