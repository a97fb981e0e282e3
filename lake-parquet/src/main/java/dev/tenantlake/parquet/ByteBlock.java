package dev.tenantlake.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/** Bytes to which others are appended; numbers in the order that Parquet has them in, the lowest byte first. */
final class ByteBlock {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_BYTES = 64;
    /** The longest array that every JVM allows. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

    private byte[] array = new byte[FIRST_BYTES];
    private int size;

    /** What the bytes lie in, from 0 on, until more are appended. */
    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    /** Lets go of what was appended after it had that size. */
    void truncate(int earlier) {
        size = earlier;
    }

    int intAt(int offset) {
        return (int) INT.get(array, offset);
    }

    long longAt(int offset) {
        return (long) LONG.get(array, offset);
    }

    /** The number of so many bytes, eight at most, with the highest first. */
    long numberAt(int offset, int width) {
        long number = array[offset];
        for (int i = 1; i < width; i++) {
            number = number << Byte.SIZE | array[offset + i] & 0xFF;
        }
        return number;
    }

    void putByte(int value) {
        reserve(1);
        array[size++] = (byte) value;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        INT.set(array, size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        LONG.set(array, size, value);
        size += Long.BYTES;
    }

    void put(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, array, size, length);
        size += length;
    }

    void put(ByteBlock block) {
        put(block.array, 0, block.size);
    }

    /** Seven bits to a byte, the lowest first; the highest bit says that more follow. */
    void putVariable(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            putByte(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    void setInt(int offset, int value) {
        INT.set(array, offset, value);
    }

    /** A view of the bytes, until more are appended. */
    BytesInput toInput() {
        return BytesInput.from(array, 0, size);
    }

    private void reserve(int bytes) {
        if (array.length - size < bytes) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(size, bytes), (int) Math.min(2L * size, MOST_BYTES)));
        }
    }
}
