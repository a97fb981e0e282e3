package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.CustomerTraits;
import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.PeopleNames;
import dev.tenantlake.source.shop.PeopleNames.Person;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Who buys: some were customers before the history begins, the others come in its course. */
final class CustomerBase {

    private static final double FROM_BEFORE = 0.3;
    private static final double ERASED = 0.012;
    private static final double WITHOUT_PHONE = 0.15;
    private static final double TOLD_BIRTH_DATE = 0.6;

    private final List<Customer> all;
    private final List<List<Customer>> byTenant;

    CustomerBase(SeedPlan plan, List<Tenant> tenants, PeopleNames names) {
        int[] counts = Apportionment.of(plan.scale().customers(), sizes(tenants), SeedScale.LEAST_PER_TENANT);
        Horizon horizon = plan.horizon();
        List<Moment> arrivals = Moment.inOrder(
                tenants,
                tenant -> arrivals(
                        tenant, counts[tenant.index()], horizon, Dice.of(plan.seed(), "arrivals", tenant.id())));
        this.byTenant = new ArrayList<>();
        tenants.forEach(tenant -> byTenant.add(new ArrayList<>()));
        this.all = new ArrayList<>(arrivals.size());
        Dice dice = Dice.of(plan.seed(), "customers", 0);
        for (Moment arrival : arrivals) {
            Customer customer = customer(arrival, all.size() + 1L, horizon, names, dice);
            all.add(customer);
            byTenant.get(arrival.tenant().index()).add(customer);
        }
    }

    /** Everybody, in the order in which they came. */
    List<Customer> all() {
        return all;
    }

    /** Those of one tenant, in the order in which they came. */
    List<Customer> of(Tenant tenant) {
        return byTenant.get(tenant.index());
    }

    /** Somebody who is a customer at that time and does something: often who is new, else rather who came early. */
    Customer somebody(Tenant tenant, long at, Dice dice) {
        List<Customer> customers = of(tenant);
        int there = countUntil(customers, at);
        if (dice.chance(0.35)) {
            int back = (int) dice.waiting(1 + there * 0.04);
            return customers.get(Math.max(0, there - 1 - back));
        }
        return customers.get((int) (there * StrictMath.pow(dice.fraction(), 1.6)));
    }

    static double[] sizes(List<Tenant> tenants) {
        return tenants.stream().mapToDouble(Tenant::size).toArray();
    }

    private static long[] arrivals(Tenant tenant, int count, Horizon horizon, Dice dice) {
        // At least one is there from the beginning, so that there is always somebody.
        int before = Math.max(1, (int) (count * FROM_BEFORE));
        LongStream earlier = LongStream.generate(
                        () -> horizon.start() - 1 - (long) (dice.fraction() * 365 * Horizon.DAY))
                .limit(before);
        LongStream later = LongStream.of(tenant.calendar().times(count - before, dice));
        return LongStream.concat(earlier, later).toArray();
    }

    private static Customer customer(Moment arrival, long id, Horizon horizon, PeopleNames names, Dice dice) {
        Tenant tenant = arrival.tenant();
        String segment = CustomerTraits.segment(dice);
        boolean consumer = segment.equals(CustomerTraits.CONSUMER);
        String country = CustomerTraits.country(tenant.market().country(), dice);
        Person person = names.person(tenant.market().locale(), id, dice);
        if (dice.chance(WITHOUT_PHONE)) {
            person = new Person(person.name(), person.email(), Optional.empty());
        }
        boolean erased = dice.chance(ERASED);
        LocalDate born = LocalDate.of(dice.between(1945, 2006), 1, 1).plusDays(dice.between(0, 364));
        long untilChange = (long) (dice.waiting(60) * Horizon.DAY);
        long changedAt = arrival.micros() + untilChange % (horizon.until() - arrival.micros());
        return new Customer(
                tenant,
                id,
                erased ? Optional.empty() : Optional.of(person),
                country,
                segment,
                CustomerTraits.acquiredVia(dice),
                consumer && !erased && dice.chance(TOLD_BIRTH_DATE) ? Optional.of(born) : Optional.empty(),
                arrival.micros(),
                erased || dice.chance(0.3) ? changedAt : arrival.micros());
    }

    private static int countUntil(List<Customer> customers, long at) {
        int low = 0;
        int high = customers.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (customers.get(middle).createdAt() <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
