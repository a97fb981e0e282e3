package dev.tenantlake.source.shop;

import dev.tenantlake.source.shop.Dice.Weighted;
import java.util.List;
import java.util.Locale;

/** What a customer can subscribe to, the smaller before the larger. */
public enum SubscriptionPlan {
    BASIC(8.99),
    PLUS(19.99),
    PREMIUM(44.99);

    private static final Weighted<SubscriptionPlan> FIRST_CHOICE = Weighted.of(List.of(values()), 0.58, 0.31, 0.11);

    private final double dollars;

    SubscriptionPlan(double dollars) {
        this.dollars = dollars;
    }

    /** The plan that a new subscriber takes. */
    public static SubscriptionPlan first(Dice dice) {
        return dice.pick(FIRST_CHOICE);
    }

    /** As the database has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a month costs in a market, in hundredths of its currency. */
    public long monthlyPrice(Market market) {
        return market.money().priceTag(dollars * market.priceLevel());
    }

    /** The next larger plan; the largest has none and is its own. */
    public SubscriptionPlan larger() {
        return values()[Math.min(ordinal() + 1, values().length - 1)];
    }

    /** The next smaller plan; the smallest has none and is its own. */
    public SubscriptionPlan smaller() {
        return values()[Math.max(ordinal() - 1, 0)];
    }
}
