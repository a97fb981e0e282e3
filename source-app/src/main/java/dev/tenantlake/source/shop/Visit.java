package dev.tenantlake.source.shop;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.source.shop.Dice.Weighted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What one visitor did on a shop's site, in order: the funnel from the first page to the purchase, or to wherever the
 * visitor turned away.
 *
 * @param steps at least one
 */
public record Visit(List<Step> steps) {

    private static final Weighted<String> DEVICES =
            Weighted.of(List.of("mobile", "desktop", "tablet"), 0.58, 0.36, 0.06);
    private static final Weighted<String> SOURCES =
            Weighted.of(List.of("direct", "search", "social", "email", "ads"), 0.28, 0.34, 0.16, 0.1, 0.12);
    private static final Weighted<Shape> UNFINISHED = Weighted.of(
            List.of(
                    new Shape(0, 0, false),
                    new Shape(1, 0, false),
                    new Shape(2, 0, false),
                    new Shape(3, 0, false),
                    new Shape(5, 0, false),
                    new Shape(2, 1, false),
                    new Shape(4, 2, false),
                    new Shape(1, 1, true),
                    new Shape(3, 2, true)),
            0.28,
            0.19,
            0.15,
            0.1,
            0.07,
            0.1,
            0.04,
            0.04,
            0.03);
    private static final double SECONDS_BETWEEN_STEPS = 35;
    private static final long MICROS = 1_000_000;

    public Visit {
        steps = List.copyOf(steps);
    }

    /** How far a visit that ends without a purchase gets; drawn before the visit, so that events can be counted. */
    public static Shape unfinished(Dice dice) {
        return dice.pick(UNFINISHED);
    }

    /** How many steps {@link #purchase} has for an order of that many lines. */
    public static int stepsOfPurchase(int lines) {
        return 3 + 2 * lines;
    }

    /**
     * A visit that ends without a purchase.
     *
     * @param products gives the id of a product that the visitor might look at, at each call
     */
    public static Visit unfinished(Shape shape, LongSupplier products, Dice dice) {
        Steps steps = new Steps(dice);
        steps.open();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < shape.views(); i++) {
            long product = products.getAsLong();
            seen.add(product);
            steps.view(product);
        }
        for (int i = 0; i < shape.carts(); i++) {
            steps.add(seen.get(i), 1 + (dice.chance(0.15) ? 1 : 0));
        }
        if (shape.checkout()) {
            steps.checkout(shape.carts());
        }
        return new Visit(steps.done);
    }

    /**
     * A visit that ends with an order.
     *
     * @param total in hundredths of the currency
     */
    public static Visit purchase(List<Line> lines, long orderId, long total, String currency, Dice dice) {
        Steps steps = new Steps(dice);
        steps.open();
        for (Line line : lines) {
            steps.view(line.productId());
            steps.add(line.productId(), line.quantity());
        }
        steps.checkout(lines.size());
        steps.step(
                EventType.PURCHASE,
                OptionalLong.empty(),
                "\"order_id\":" + orderId + ",\"total\":" + Money.decimal(total) + ",\"currency\":\"" + currency
                        + "\"");
        return new Visit(steps.done);
    }

    /** How long it took, in microseconds. */
    public long micros() {
        return steps.get(steps.size() - 1).micros();
    }

    /** What happens on a site. */
    public enum EventType {
        PAGE_VIEW,
        PRODUCT_VIEW,
        ADD_TO_CART,
        CHECKOUT,
        PURCHASE;

        /** As the database has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing that a visitor did.
     *
     * @param productId of the product that it was about, if it was about one
     * @param properties a JSON object
     * @param micros after the visit's first step
     */
    public record Step(EventType type, OptionalLong productId, String properties, long micros) {

        public Step {
            requireNonNull(type, "type");
            requireNonNull(productId, "productId");
            requireNonNull(properties, "properties");
        }
    }

    /** What is bought, and how many of it. */
    public record Line(long productId, int quantity) {}

    /**
     * How far a visit gets.
     *
     * @param views of products
     * @param carts of those, how many are put into the cart
     * @param checkout whether the checkout is begun
     */
    public record Shape(int views, int carts, boolean checkout) {

        /** How many steps it has. */
        public int steps() {
            return 1 + views + carts + (checkout ? 1 : 0);
        }
    }

    /** The steps so far. All values that go into JSON here are numbers or words of ours, which need no escapes. */
    private static final class Steps {

        private final List<Step> done = new ArrayList<>();
        private final Dice dice;
        private final String device;
        private long micros;

        Steps(Dice dice) {
            this.dice = dice;
            this.device = dice.pick(DEVICES);
        }

        void open() {
            step(EventType.PAGE_VIEW, OptionalLong.empty(), "\"path\":\"/\",\"source\":\"" + dice.pick(SOURCES) + "\"");
        }

        void view(long product) {
            step(EventType.PRODUCT_VIEW, OptionalLong.of(product), "\"path\":\"/products/" + product + "\"");
        }

        void add(long product, int quantity) {
            step(EventType.ADD_TO_CART, OptionalLong.of(product), "\"quantity\":" + quantity);
        }

        void checkout(int lines) {
            step(EventType.CHECKOUT, OptionalLong.empty(), "\"lines\":" + lines);
        }

        void step(EventType type, OptionalLong product, String properties) {
            if (!done.isEmpty()) {
                micros += MICROS + (long) (dice.waiting(SECONDS_BETWEEN_STEPS) * MICROS);
            }
            done.add(new Step(type, product, "{\"device\":\"" + device + "\"," + properties + "}", micros));
        }
    }
}
