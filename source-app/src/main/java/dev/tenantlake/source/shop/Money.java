package dev.tenantlake.source.shop;

import java.math.BigDecimal;
import java.util.Currency;

/**
 * Amounts of one currency, each a {@code long} of hundredths, as {@code numeric(12,2)} has them; of a currency without
 * a smaller unit, such as the yen, all are whole.
 *
 * @param step the smallest amount that can be paid, in hundredths: 1, or 100
 */
public record Money(long step) {

    /** The money of a currency, by its ISO 4217 code; an unknown one has hundredths. */
    public static Money of(String currency) {
        return new Money(hasSmallerUnit(currency) ? 1 : 100);
    }

    /** The nearest amount that can be paid, at least the smallest. */
    public long price(double amount) {
        return Math.max(step, rounded(amount * 100));
    }

    /** A part, from 0 to 1, of an amount in hundredths, down to one that can be paid. */
    public long share(long hundredths, double part) {
        return (long) StrictMath.floor(hundredths * part / step) * step;
    }

    /** An amount just below a round one, as a shop's prices are: 19.99, 1,980, 0.49. */
    public long priceTag(double amount) {
        if (step == 100) {
            return Math.max(100, Math.round(amount / 10) * 1000 - 2000 * (amount >= 100 ? 1 : 0));
        }
        return amount < 1 ? price(amount) : Math.round(amount) * 100 - 1;
    }

    /** An amount in hundredths as the database has it. */
    public static BigDecimal decimal(long hundredths) {
        return BigDecimal.valueOf(hundredths, 2);
    }

    /** An amount of the database in hundredths. */
    public static long hundredths(BigDecimal amount) {
        return amount.movePointRight(2).longValueExact();
    }

    private long rounded(double hundredths) {
        return Math.round(hundredths / step) * step;
    }

    private static boolean hasSmallerUnit(String currency) {
        try {
            return Currency.getInstance(currency).getDefaultFractionDigits() != 0;
        } catch (IllegalArgumentException unknown) {
            return true;
        }
    }
}
