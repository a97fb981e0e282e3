package dev.tenantlake.source.shop;

import dev.tenantlake.source.shop.Dice.Weighted;
import java.util.List;

/** What a shop knows of a customer besides the name. */
public final class CustomerTraits {

    /** The segment of who pays by card and at once. */
    public static final String CONSUMER = "consumer";

    private static final Weighted<String> SEGMENTS =
            Weighted.of(List.of(CONSUMER, "business", "wholesale"), 0.715, 0.222, 0.063);
    private static final Weighted<String> CHANNELS = Weighted.of(
            List.of("direct", "search", "social", "email", "ads", "referral"), 0.2, 0.3, 0.18, 0.1, 0.14, 0.08);
    private static final double ABROAD = 0.1;

    private CustomerTraits() {}

    public static String segment(Dice dice) {
        return dice.pick(SEGMENTS);
    }

    /** How the customer came to the shop. */
    public static String acquiredVia(Dice dice) {
        return dice.pick(CHANNELS);
    }

    /** The customer's country: mostly the tenant's own. */
    public static String country(String home, Dice dice) {
        return dice.chance(ABROAD) ? dice.pick(Market.ALL).country() : home;
    }

    /** Whether the customer buys on account: each order gets an invoice, and is paid when the invoice is. */
    public static boolean buysOnAccount(String segment) {
        return !segment.equals(CONSUMER);
    }
}
