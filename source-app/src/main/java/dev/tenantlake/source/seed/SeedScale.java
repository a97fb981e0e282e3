package dev.tenantlake.source.seed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much history there is. The counts are of all tenants together; order lines and invoices follow from them. */
public enum SeedScale {
    /** About 17 thousand rows. */
    SMALL(4, 200, 80, 1_500, 9_200, 60),
    /** About 540 thousand rows. */
    MEDIUM(8, 6_400, 800, 48_000, 293_000, 1_920),
    /** About 3 million rows. */
    LARGE(20, 36_000, 3_200, 267_000, 1_630_000, 10_700);

    /** So many customers and so many products a tenant has at least. */
    static final int LEAST_PER_TENANT = 8;

    private final int tenants;
    private final int customers;
    private final int products;
    private final int orders;
    private final int events;
    private final int subscriptions;

    SeedScale(int tenants, int customers, int products, int orders, int events, int subscriptions) {
        this.tenants = tenants;
        this.customers = customers;
        this.products = products;
        this.orders = orders;
        this.events = events;
        this.subscriptions = subscriptions;
    }

    /** The scale of that name, whatever its case. */
    static Optional<SeedScale> named(String name) {
        return Arrays.stream(values())
                .filter(scale -> scale.label().equalsIgnoreCase(name))
                .findFirst();
    }

    /** {@code small, medium, large}. */
    static String choices() {
        return Arrays.stream(values()).map(SeedScale::label).collect(Collectors.joining(", "));
    }

    /** As the command line has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many tenants there are unless another number is asked for. */
    int tenants() {
        return tenants;
    }

    /** Among how many tenants the rest can be divided. */
    int mostTenants() {
        return Math.min(customers, products) / LEAST_PER_TENANT;
    }

    int customers() {
        return customers;
    }

    int products() {
        return products;
    }

    int orders() {
        return orders;
    }

    /** How many events there are, to about one in a thousand: a visit is not cut to make the number fit. */
    int events() {
        return events;
    }

    int subscriptions() {
        return subscriptions;
    }

    /** About how many rows there are in all: 3.6 lines of an order in the mean, and 0.4 invoices. */
    long rows() {
        return tenants + customers + products + orders * 4L + orders * 96L / 100 + events + subscriptions;
    }
}
