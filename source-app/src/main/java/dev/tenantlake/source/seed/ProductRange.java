package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.Assortment;
import dev.tenantlake.source.shop.Assortment.Good;
import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** What the tenants sell: most of it from the beginning, some from later on, and some no more. */
final class ProductRange {

    private static final double FROM_BEFORE = 0.85;
    private static final double RETIRED = 0.04;
    private static final double OUT_OF_STOCK = 0.03;
    private static final double WITHOUT_TAGS = 0.1;
    /** How fast popularity falls from one product to the next. */
    private static final double SKEW = 0.7;

    private final List<Product> all;
    private final List<List<Product>> byTenant;
    private final List<double[]> popularity;

    ProductRange(SeedPlan plan, List<Tenant> tenants, Assortment assortment) {
        // A small shop's range is not as small as its trade.
        double[] sizes = tenants.stream()
                .mapToDouble(tenant -> StrictMath.sqrt(tenant.size()))
                .toArray();
        int[] counts = Apportionment.of(plan.scale().products(), sizes, SeedScale.LEAST_PER_TENANT);
        Horizon horizon = plan.horizon();
        List<Moment> launches = Moment.inOrder(
                tenants,
                tenant -> launches(
                        tenant, counts[tenant.index()], horizon, Dice.of(plan.seed(), "launches", tenant.id())));
        List<Dice> dice = new ArrayList<>();
        this.byTenant = new ArrayList<>();
        for (Tenant tenant : tenants) {
            dice.add(Dice.of(plan.seed(), "products", tenant.id()));
            byTenant.add(new ArrayList<>());
        }
        this.all = new ArrayList<>(launches.size());
        for (Moment launch : launches) {
            int index = launch.tenant().index();
            List<Product> siblings = byTenant.get(index);
            Product product = product(launch, all.size() + 1L, siblings.size(), assortment, horizon, dice.get(index));
            all.add(product);
            siblings.add(product);
        }
        this.popularity = byTenant.stream()
                .map(products -> Dice.cumulative(
                        products.stream().mapToDouble(Product::popularity).toArray()))
                .toList();
    }

    /** Every product, in the order in which they were first sold. */
    List<Product> all() {
        return all;
    }

    /** A product that is sold at that time, rather a popular one. */
    Product something(Tenant tenant, long at, Dice dice) {
        while (true) {
            Product product = byTenant.get(tenant.index()).get(dice.index(popularity.get(tenant.index())));
            if (product.soldAt(at)) {
                return product;
            }
        }
    }

    /** Up to so many different ones; fewer if the tenant does not have that many. */
    List<Product> different(Tenant tenant, long at, int count, Dice dice) {
        List<Product> chosen = new ArrayList<>();
        for (int attempt = 0; chosen.size() < count && attempt < count * 6; attempt++) {
            Product product = something(tenant, at, dice);
            if (!chosen.contains(product)) {
                chosen.add(product);
            }
        }
        return chosen;
    }

    private static long[] launches(Tenant tenant, int count, Horizon horizon, Dice dice) {
        // The first is there from the beginning and stays, so that there is always something to buy.
        int before = Math.max(1, (int) (count * FROM_BEFORE));
        LongStream earlier = LongStream.generate(
                        () -> horizon.start() - 1 - (long) (dice.fraction() * 300 * Horizon.DAY))
                .limit(before);
        LongStream later = LongStream.of(tenant.calendar().times(count - before, dice));
        return LongStream.concat(earlier, later).toArray();
    }

    private static Product product(
            Moment launch, long id, int siblings, Assortment assortment, Horizon horizon, Dice dice) {
        Tenant tenant = launch.tenant();
        Money money = tenant.market().money();
        Good good = assortment.good(tenant.categories(), dice);
        long price = money.priceTag(good.dollars() * tenant.market().priceLevel());
        OptionalLong retiredAt = siblings > 0 && dice.chance(RETIRED)
                ? retirement(launch.micros(), horizon, dice)
                : OptionalLong.empty();
        long stockedAt = Math.max(launch.micros(), horizon.until() - 1 - (long) (dice.waiting(6) * Horizon.DAY));
        return new Product(
                tenant,
                id,
                String.format(Locale.ROOT, "%s-%04d", good.category().code(), siblings + 1),
                good.name(),
                good.category().name(),
                price,
                Math.max(money.step(), money.share(price, dice.between(0.42, 0.72))),
                retiredAt.isPresent() || dice.chance(OUT_OF_STOCK) ? 0 : (int) (20 + dice.waiting(240)),
                StrictMath.pow(1 + dice.between(0, 99), -SKEW) * dice.around(0.3),
                dice.chance(WITHOUT_TAGS) ? Optional.empty() : Optional.of(assortment.tags(dice)),
                launch.micros(),
                retiredAt.orElse(stockedAt),
                retiredAt);
    }

    /** Some time between its launch, or the beginning, and the end. */
    private static OptionalLong retirement(long launchedAt, Horizon horizon, Dice dice) {
        long from = Math.max(launchedAt, horizon.start());
        return OptionalLong.of(from + (long) (dice.between(0.2, 1) * (horizon.until() - from)));
    }
}
