package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much history there is. The counts are of all tenants together; order lines and invoices follow from them.
 *
 * @param label as the command line has it
 * @param option how it is asked for on the command line
 * @param tenants how many there are unless another number is asked for
 * @param events how many there are, to about one in a thousand: a visit is not cut to make the number fit
 */
public record SeedScale(
        String label,
        String option,
        int tenants,
        int customers,
        int products,
        int orders,
        int events,
        int subscriptions) {

    /** About 17 thousand rows. */
    public static final SeedScale SMALL = named("small", 4, 200, 80, 1_500, 9_200, 60);
    /** About 540 thousand rows. */
    public static final SeedScale MEDIUM = named("medium", 8, 6_400, 800, 48_000, 293_000, 1_920);
    /** About 3 million rows. */
    public static final SeedScale LARGE = named("large", 20, 36_000, 3_200, 267_000, 1_630_000, 10_700);

    /** So many customers and so many products a tenant has at least. */
    static final int LEAST_PER_TENANT = 8;
    /** With fewer rows there is not one tenant whose tables all have some. */
    static final long FEWEST_ROWS = 8_000;
    /** What the counts can hold. */
    static final long MOST_ROWS = 1_000_000_000;

    private static final List<SeedScale> NAMED = List.of(SMALL, MEDIUM, LARGE);

    public SeedScale {
        requireNonNull(label, "label");
        requireNonNull(option, "option");
    }

    private static SeedScale named(
            String label, int tenants, int customers, int products, int orders, int events, int subscriptions) {
        return new SeedScale(label, "--scale " + label, tenants, customers, products, orders, events, subscriptions);
    }

    /** The scale of that name, whatever its case. */
    static Optional<SeedScale> named(String name) {
        return NAMED.stream()
                .filter(scale -> scale.label().equalsIgnoreCase(name))
                .findFirst();
    }

    /**
     * A scale of about so many rows, in the proportions of {@link #LARGE}.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it cannot be so many
     */
    static SeedScale ofRows(long rows) {
        if (rows < FEWEST_ROWS || rows > MOST_ROWS) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--rows is " + rows + ": expected " + FEWEST_ROWS + " to " + MOST_ROWS + ", over all tables");
        }
        double factor = (double) rows / LARGE.rows();
        int customers = times(LARGE.customers, factor);
        int products = times(LARGE.products, factor);
        return new SeedScale(
                String.format(Locale.ROOT, "%d rows", rows),
                "--rows " + rows,
                Math.min(LARGE.tenants, Math.min(customers, products) / LEAST_PER_TENANT),
                customers,
                products,
                times(LARGE.orders, factor),
                times(LARGE.events, factor),
                times(LARGE.subscriptions, factor));
    }

    private static int times(int count, double factor) {
        return (int) Math.round(count * factor);
    }

    /** {@code small, medium, large}. */
    static String choices() {
        return NAMED.stream().map(SeedScale::label).collect(Collectors.joining(", "));
    }

    /** Among how many tenants the rest can be divided. */
    int mostTenants() {
        return Math.min(customers, products) / LEAST_PER_TENANT;
    }

    /** About how many rows there are in all: 3.6 lines of an order in the mean, and 0.4 invoices. */
    long rows() {
        return tenants + customers + products + orders * 4L + orders * 96L / 100 + events + subscriptions;
    }
}
