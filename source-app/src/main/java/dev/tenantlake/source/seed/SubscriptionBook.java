package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.SubscriptionPlan;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Every subscription of the history with the invoices of its months. A month begins on the day of the month on which
 * the subscription did, by the tenant's calendar. At each of these days a subscriber may leave, pause, or change to
 * another plan; a paused month is not billed, and a new plan's price is billed from its first month on.
 */
final class SubscriptionBook {

    private static final double LEAVES = 0.06;
    private static final double PAUSES = 0.045;
    private static final double UPGRADES = 0.06;
    private static final double DOWNGRADES = 0.02;
    private static final double DOES_NOT_PAY = 0.03;
    private static final double GETS_IT_BACK = 0.008;
    private static final double DAYS_TO_SUBSCRIBE = 35;

    private final List<Subscription> all = new ArrayList<>();
    private final List<Invoice.Terms> invoices = new ArrayList<>();

    SubscriptionBook(SeedPlan plan, List<Tenant> tenants, CustomerBase customers) {
        Horizon horizon = plan.horizon();
        int[] counts = counts(plan, tenants, customers);
        List<Start> starts = new ArrayList<>();
        for (Tenant tenant : tenants) {
            Dice dice = Dice.of(plan.seed(), "subscribers", tenant.id());
            for (Customer customer : sample(customers.of(tenant), counts[tenant.index()], dice)) {
                starts.add(new Start(customer, startOf(customer, horizon, dice)));
            }
        }
        starts.sort(Comparator.comparingLong(Start::at)
                .thenComparing(start -> start.customer().id()));
        Dice dice = Dice.of(plan.seed(), "subscriptions", 0);
        for (Start start : starts) {
            all.add(new Course(start, all.size() + 1L, horizon, dice).run());
        }
    }

    /** Every subscription, in the order in which they started. */
    List<Subscription> all() {
        return all;
    }

    /** What was billed for all of them. */
    List<Invoice.Terms> invoices() {
        return invoices;
    }

    /** A customer subscribes once at most, so no tenant gets more subscriptions than it has customers. */
    private static int[] counts(SeedPlan plan, List<Tenant> tenants, CustomerBase customers) {
        int[] counts = Apportionment.of(plan.scale().subscriptions(), CustomerBase.sizes(tenants), 0);
        for (Tenant tenant : tenants) {
            counts[tenant.index()] =
                    Math.min(counts[tenant.index()], customers.of(tenant).size());
        }
        return counts;
    }

    private static List<Customer> sample(List<Customer> customers, int count, Dice dice) {
        List<Customer> rest = new ArrayList<>(customers);
        for (int i = 0; i < count; i++) {
            int other = dice.between(i, rest.size() - 1);
            Customer chosen = rest.get(other);
            rest.set(other, rest.get(i));
            rest.set(i, chosen);
        }
        return rest.subList(0, count);
    }

    /** Some weeks after somebody has become a customer; who was one before the history subscribes at any time of it. */
    private static long startOf(Customer customer, Horizon horizon, Dice dice) {
        if (customer.createdAt() < horizon.start()) {
            return customer.tenant().calendar().time(dice);
        }
        long at = customer.createdAt() + (long) (dice.waiting(DAYS_TO_SUBSCRIBE) * Horizon.DAY);
        return at < horizon.until()
                ? at
                : customer.createdAt() + (long) (dice.fraction() * (horizon.until() - customer.createdAt()));
    }

    private record Start(Customer customer, long at) {}

    /** The life of one subscription, month by month. */
    private final class Course {

        private final Start start;
        private final long id;
        private final Horizon horizon;
        private final Dice dice;
        private SubscriptionPlan plan;
        private String status = "active";
        private OptionalLong cancelledAt = OptionalLong.empty();
        private long changedAt;
        private int monthsToPause;

        Course(Start start, long id, Horizon horizon, Dice dice) {
            this.start = start;
            this.id = id;
            this.horizon = horizon;
            this.dice = dice;
            this.plan = SubscriptionPlan.first(dice);
            this.changedAt = start.at();
        }

        Subscription run() {
            ZonedDateTime first = Horizon.instant(start.at())
                    .atZone(start.customer().tenant().calendar().zone());
            for (int month = 0; cancelledAt.isEmpty(); month++) {
                long begins = Horizon.micros(first.plusMonths(month).toInstant());
                if (begins >= horizon.until()) {
                    break;
                }
                if (month > 0) {
                    decide(begins);
                }
                if (status.equals("active")) {
                    bill(begins);
                }
            }
            return new Subscription(id, start.customer(), plan, status, start.at(), cancelledAt, changedAt);
        }

        private void decide(long now) {
            if (dice.chance(LEAVES)) {
                status = "cancelled";
                cancelledAt = OptionalLong.of(now);
                changedAt = now;
            } else if (status.equals("paused")) {
                if (--monthsToPause == 0) {
                    status = "active";
                    changedAt = now;
                }
            } else if (dice.chance(PAUSES)) {
                status = "paused";
                monthsToPause = dice.between(1, 2);
                changedAt = now;
            } else if (dice.chance(UPGRADES)) {
                changeTo(plan.larger(), now);
            } else if (dice.chance(DOWNGRADES)) {
                changeTo(plan.smaller(), now);
            }
        }

        private void changeTo(SubscriptionPlan next, long now) {
            if (next != plan) {
                plan = next;
                changedAt = now;
            }
        }

        private void bill(long now) {
            long amount = plan.monthlyPrice(start.customer().tenant().market());
            long payment = now + Horizon.HOUR + (long) (dice.waiting(1.2) * Horizon.DAY);
            long refund = payment + (long) (dice.between(1.0, 10) * Horizon.DAY);
            boolean pays = !dice.chance(DOES_NOT_PAY) && payment < horizon.until();
            boolean getsItBack = dice.chance(GETS_IT_BACK) && refund < horizon.until();
            String became = pays ? (getsItBack ? "refunded" : "paid") : "open";
            invoices.add(Invoice.Terms.of(
                    start.customer(),
                    id,
                    became,
                    amount,
                    now,
                    pays ? OptionalLong.of(payment) : OptionalLong.empty(),
                    pays ? (getsItBack ? refund : payment) : now));
        }
    }
}
