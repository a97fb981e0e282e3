package dev.tenantlake.source.shop;

import dev.tenantlake.source.shop.Dice.Weighted;
import java.util.List;

/** How much goes into an order. */
public final class Basket {

    private static final Weighted<Integer> LINES = Weighted.of(
            List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.17, 0.2, 0.18, 0.15, 0.11, 0.08, 0.05, 0.03, 0.02, 0.01);
    private static final Weighted<Integer> PIECES = Weighted.of(List.of(1, 2, 3, 4), 0.74, 0.17, 0.06, 0.03);
    private static final double DISCOUNTED = 0.18;
    private static final List<Double> DISCOUNTS = List.of(0.05, 0.1, 0.1, 0.15, 0.2, 0.25);

    private Basket() {}

    /** How many different products are in an order; 3.6 in the mean. */
    public static int lines(Dice dice) {
        return dice.pick(LINES);
    }

    /** How many of one product are bought by somebody of a segment. */
    public static int quantity(String segment, Dice dice) {
        return switch (segment) {
            case "wholesale" -> dice.between(5, 30);
            case "business" -> dice.pick(PIECES) * dice.between(1, 4);
            default -> dice.pick(PIECES);
        };
    }

    /** What is taken off a line of an order: mostly nothing, else some percent of it; in hundredths. */
    public static long discount(long amount, Money money, Dice dice) {
        return dice.chance(DISCOUNTED) ? money.share(amount, dice.pick(DISCOUNTS)) : 0;
    }
}
