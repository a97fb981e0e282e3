package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** Text that is put together again and again in the same place. */
final class AsciiText {

    /** As many digits as a long has, and its sign. */
    private static final int MOST_DIGITS = 20;

    private byte[] bytes = new byte[64];
    private int length;

    /** What the text lies in, from 0 on, until more is put there. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void put(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
    }

    /** Puts a number, in decimal. */
    void put(long number) {
        if (number == Long.MIN_VALUE) {
            put(Long.toString(number).getBytes(US_ASCII));
            return;
        }
        reserve(MOST_DIGITS);
        if (number < 0) {
            bytes[length++] = '-';
        }
        long rest = Math.abs(number);
        int digits = 1;
        for (long i = rest; i >= 10; i /= 10) {
            digits++;
        }
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
