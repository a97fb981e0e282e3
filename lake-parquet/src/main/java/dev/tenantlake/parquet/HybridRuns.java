package dev.tenantlake.parquet;

/**
 * Parquet's encoding of small numbers, RLE: runs of one number, and runs of numbers packed into as many bits as the
 * largest needs. A page is written as one run of either sort; what repeats in the packed one is left to the compression.
 */
final class HybridRuns {

    private HybridRuns() {}

    /** How many bits hold the numbers from 0 to that one. */
    static int bits(int largest) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(largest);
    }

    /** Appends one number, so many times. */
    static void repeat(int value, int count, int bits, ByteBlock to) {
        to.putVariable(count << 1);
        for (int shift = 0; shift < bits; shift += Byte.SIZE) {
            to.putByte(value >>> shift);
        }
    }

    /** Appends what says that so many packed numbers follow, the last eight filled up. */
    static void packedHeader(int count, ByteBlock to) {
        to.putVariable((count + 7) / 8 << 1 | 1);
    }

    /** Appends the first numbers of an array. */
    static void put(int[] values, int count, int bits, ByteBlock to) {
        if (isOne(values, count)) {
            repeat(values[0], count, bits, to);
            return;
        }
        packedHeader(count, to);
        int end = to.size() + (count + 7) / 8 * bits;
        long waiting = 0;
        int waitingBits = 0;
        for (int i = 0; i < count; i++) {
            waiting |= (long) values[i] << waitingBits;
            waitingBits += bits;
            if (waitingBits >= Integer.SIZE) {
                to.putInt((int) waiting);
                waiting >>>= Integer.SIZE;
                waitingBits -= Integer.SIZE;
            }
        }
        while (to.size() < end) {
            to.putByte((int) waiting);
            waiting >>>= Byte.SIZE;
        }
    }

    private static boolean isOne(int[] values, int count) {
        for (int i = 1; i < count; i++) {
            if (values[i] != values[0]) {
                return false;
            }
        }
        return true;
    }
}
