package dev.tenantlake.source.seed;

import dev.tenantlake.model.Principal;
import dev.tenantlake.source.shop.Assortment;
import dev.tenantlake.source.shop.Assortment.Category;
import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.Market;
import dev.tenantlake.source.shop.PeopleNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The tenants of a seed. The first twelve are always the same, so that examples can name them; who comes after them is
 * made up. Each is smaller than the one before it.
 */
final class TenantDirectory {

    private static final List<Known> KNOWN = List.of(
            new Known("acme-tools", "Acme Tools", Market.UNITED_STATES, "tools", "garden", "lighting"),
            new Known("nordlicht-outdoor", "Nordlicht Outdoor", Market.GERMANY, "outdoor", "clothing", "bags"),
            new Known("sakura-home", "Sakura Home", Market.JAPAN, "kitchen", "furniture", "lighting"),
            new Known("casa-verde", "Casa Verde", Market.BRAZIL, "garden", "furniture", "kitchen"),
            new Known("highland-wool", "Highland Wool", Market.UNITED_KINGDOM, "clothing", "bags"),
            new Known("spice-route", "Spice Route", Market.INDIA, "kitchen", "stationery"),
            new Known("southern-surf", "Southern Surf", Market.AUSTRALIA, "outdoor", "clothing", "toys"),
            new Known("fjord-coffee", "Fjord Coffee", Market.NORWAY, "kitchen", "lighting"),
            new Known("maple-cycles", "Maple Cycles", Market.CANADA, "outdoor", "tools"),
            new Known("atelier-lumiere", "Atelier Lumière", Market.FRANCE, "lighting", "furniture"),
            new Known("kiwi-trail", "Kiwi Trail", Market.NEW_ZEALAND, "outdoor", "bags"),
            new Known("luna-textil", "Luna Textil", Market.MEXICO, "clothing", "furniture"));
    /** By how much the second is smaller than the first, the third than the second, and so on: a power of the rank. */
    private static final double SKEW = 0.8;

    private static final int LONGEST_SLUG = 40;

    private TenantDirectory() {}

    static List<Tenant> tenants(SeedPlan plan, PeopleNames names) {
        List<Known> known = new ArrayList<>(KNOWN.subList(0, Math.min(plan.tenants(), KNOWN.size())));
        known.addAll(madeUp(plan.tenants() - known.size(), plan.seed(), names));
        Horizon horizon = plan.horizon();
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Dice dice = Dice.of(plan.seed(), "tenants", i);
            Known one = known.get(i);
            long createdAt = horizon.start() - dice.between(370, 1200) * Horizon.DAY;
            tenants.add(new Tenant(
                    i + 1L,
                    new Principal.Analyst(one.slug()).slug(),
                    one.name(),
                    planOf(i, known.size()),
                    one.market(),
                    one.categories(),
                    StrictMath.pow(i + 1, -SKEW),
                    new TradingCalendar(horizon, one.market().timeZone(), dice.between(1.01, 1.12), dice),
                    createdAt,
                    createdAt));
        }
        return List.copyOf(tenants);
    }

    private static String planOf(int rank, int tenants) {
        if (rank * 4 < tenants) {
            return "enterprise";
        }
        return rank * 4 < tenants * 3 ? "growth" : "starter";
    }

    private static List<Known> madeUp(int count, long seed, PeopleNames names) {
        if (count <= 0) {
            return List.of();
        }
        Dice dice = Dice.of(seed, "more tenants", 0);
        Iterator<String> companies = names.companies(count).iterator();
        Set<String> taken = new HashSet<>();
        KNOWN.forEach(known -> taken.add(known.slug()));
        List<Known> more = new ArrayList<>();
        while (more.size() < count) {
            // There may be fewer names than tenants, since each name comes once.
            String name = companies.hasNext() ? companies.next() : "Shop " + (more.size() + 1);
            String slug = slug(name);
            if (taken.add(slug)) {
                more.add(new Known(slug, name, dice.pick(Market.ALL), Assortment.someCategories(dice)));
            }
        }
        return more;
    }

    private static String slug(String name) {
        String slug = name.toLowerCase(Locale.ROOT).replace("'", "").replaceAll("[^a-z0-9]+", "-");
        String fitting = slug.length() > LONGEST_SLUG ? slug.substring(0, LONGEST_SLUG) : slug;
        return fitting.replaceAll("^-+|-+$", "");
    }

    private record Known(String slug, String name, Market market, List<Category> categories) {

        Known(String slug, String name, Market market, String... categories) {
            this(slug, name, market, Assortment.categories(List.of(categories)));
        }
    }
}
