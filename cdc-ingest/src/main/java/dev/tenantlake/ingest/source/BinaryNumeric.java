package dev.tenantlake.ingest.source;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.postgresql.util.ByteConverter;

/**
 * Postgres' binary form of {@code numeric}, by its {@code numeric_send}: how many groups of four digits there are, the
 * power of 10,000 of the first, the sign, how many digits are shown behind the point, then the groups; 16 bits each.
 */
final class BinaryNumeric {

    static final String NAN = "NaN";
    static final String INFINITY = "Infinity";
    static final String NEGATIVE_INFINITY = "-Infinity";

    private static final int HEADER_BYTES = 8;
    private static final int POSITIVE = 0x0000;
    private static final int NEGATIVE = 0x4000;
    private static final int SIGN_NAN = 0xC000;
    private static final int SIGN_INFINITY = 0xD000;
    private static final int SIGN_NEGATIVE_INFINITY = 0xF000;
    private static final int DIGITS_PER_GROUP = 4;
    private static final BigInteger GROUP = BigInteger.valueOf(10_000);
    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
        }
    }

    private BinaryNumeric() {}

    /**
     * The number times ten to the power of {@code scale}; it has to be a whole number of no more than 18 digits.
     *
     * @throws UnrepresentableValueException if it is NaN or infinite
     */
    static long toUnscaledLong(byte[] buffer, int offset, int scale) {
        int groups = ByteConverter.int2(buffer, offset);
        int weight = ByteConverter.int2(buffer, offset + 2);
        boolean negative = isNegative(buffer, offset);
        long unscaled = 0;
        for (int i = 0; i < groups; i++) {
            long group = ByteConverter.int2(buffer, offset + HEADER_BYTES + 2 * i);
            int exponent = DIGITS_PER_GROUP * (weight - i) + scale;
            // Of the last group, digits beyond the scale are zeros.
            unscaled += exponent >= 0 ? group * POWERS_OF_TEN[exponent] : group / POWERS_OF_TEN[-exponent];
        }
        return negative ? -unscaled : unscaled;
    }

    /**
     * The number, with as many digits behind the point as Postgres shows.
     *
     * @throws UnrepresentableValueException if it is NaN or infinite
     */
    static BigDecimal toDecimal(byte[] buffer, int offset) {
        int groups = ByteConverter.int2(buffer, offset);
        int weight = ByteConverter.int2(buffer, offset + 2);
        boolean negative = isNegative(buffer, offset);
        int shown = ByteConverter.int2(buffer, offset + 6);
        BigInteger digits = BigInteger.ZERO;
        for (int i = 0; i < groups; i++) {
            digits = digits.multiply(GROUP)
                    .add(BigInteger.valueOf(ByteConverter.int2(buffer, offset + HEADER_BYTES + 2 * i)));
        }
        BigDecimal value =
                new BigDecimal(negative ? digits.negate() : digits, DIGITS_PER_GROUP * (groups - 1 - weight));
        return value.setScale(shown);
    }

    /** The number as Postgres writes it, NaN and infinity included. */
    static String toPlainText(byte[] buffer, int offset) {
        return switch (sign(buffer, offset)) {
            case SIGN_NAN -> NAN;
            case SIGN_INFINITY -> INFINITY;
            case SIGN_NEGATIVE_INFINITY -> NEGATIVE_INFINITY;
            default -> toDecimal(buffer, offset).toPlainString();
        };
    }

    private static boolean isNegative(byte[] buffer, int offset) {
        return switch (sign(buffer, offset)) {
            case POSITIVE -> false;
            case NEGATIVE -> true;
            default -> throw new UnrepresentableValueException(toPlainText(buffer, offset));
        };
    }

    private static int sign(byte[] buffer, int offset) {
        return ByteConverter.int2(buffer, offset + 4) & 0xFFFF;
    }
}
