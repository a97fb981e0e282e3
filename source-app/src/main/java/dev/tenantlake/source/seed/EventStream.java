package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.Visit;
import dev.tenantlake.source.shop.Visit.EventType;
import dev.tenantlake.source.shop.Visit.Line;
import dev.tenantlake.source.shop.Visit.Shape;
import dev.tenantlake.source.shop.Visit.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Every event of the history in the order of time, made up as it is asked for: there are too many to hold. A visit is
 * made up when the time has come at which it may begin, and its steps wait until no visit can begin before them.
 */
final class EventStream implements Iterator<Event> {

    /** No visit that ends with an order takes longer. */
    static final long LONGEST_VISIT = 2 * Horizon.HOUR;

    private static final double LOGGED_IN = 0.4;
    /** How many buyers log in at the checkout and not at the beginning. */
    private static final double LOGS_IN_LATE = 0.3;

    private final CustomerBase customers;
    private final ProductRange products;
    private final Horizon horizon;
    private final Dice dice;
    private final List<Planned> visits;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::occurredAt).thenComparingLong(Waiting::sequence));
    private int nextVisit;
    private long sequence;
    private long id;

    EventStream(SeedPlan plan, List<Tenant> tenants, CustomerBase customers, ProductRange products, OrderBook orders) {
        this.customers = customers;
        this.products = products;
        this.horizon = plan.horizon();
        this.dice = Dice.of(plan.seed(), "events", 0);
        this.visits = planned(plan, tenants, orders);
    }

    @Override
    public boolean hasNext() {
        while (nextVisit < visits.size()
                && (waiting.isEmpty()
                        || waiting.peek().occurredAt() >= visits.get(nextVisit).from())) {
            begin(visits.get(nextVisit++));
        }
        return !waiting.isEmpty();
    }

    @Override
    public Event next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Waiting next = waiting.remove();
        return new Event(++id, next.tenant(), next.customerId(), next.session(), next.step(), next.occurredAt());
    }

    /** Those that end with an order, and among them as many others as there are events left for. */
    private static List<Planned> planned(SeedPlan plan, List<Tenant> tenants, OrderBook orders) {
        int[] events = Apportionment.of(plan.scale().events(), CustomerBase.sizes(tenants), 0);
        List<Planned> planned = new ArrayList<>();
        for (Order order : orders.all()) {
            if (order.tracked()) {
                events[order.tenant().index()] -=
                        Visit.stepsOfPurchase(order.items().size());
                planned.add(new Purchase(order));
            }
        }
        for (Tenant tenant : tenants) {
            Dice dice = Dice.of(plan.seed(), "visits", tenant.id());
            int left = events[tenant.index()];
            while (left > 0) {
                Shape shape = Visit.unfinished(dice);
                left -= shape.steps();
                planned.add(new Unfinished(tenant, tenant.calendar().time(dice), shape));
            }
        }
        planned.sort(Comparator.comparingLong(Planned::from)
                .thenComparing(visit -> visit.tenant().id()));
        return planned;
    }

    private void begin(Planned planned) {
        if (planned instanceof Purchase purchase) {
            purchase(purchase.order());
        } else if (planned instanceof Unfinished unfinished) {
            unfinished(unfinished);
        }
    }

    private void unfinished(Unfinished planned) {
        Tenant tenant = planned.tenant();
        long from = planned.from();
        Visit visit = Visit.unfinished(
                planned.shape(), () -> products.something(tenant, from, dice).id(), dice);
        OptionalLong customer = dice.chance(LOGGED_IN)
                ? OptionalLong.of(customers.somebody(tenant, from, dice).id())
                : OptionalLong.empty();
        UUID session = dice.uuid();
        for (Step step : visit.steps()) {
            enqueue(tenant, customer, session, step, from + step.micros());
        }
    }

    private void purchase(Order order) {
        List<Line> lines = order.items().stream()
                .map(item -> new Line(item.product().id(), item.quantity()))
                .toList();
        Visit visit = Visit.purchase(
                lines, order.id(), order.total(), order.tenant().market().currency(), dice);
        long from = order.orderedAt() - visit.micros();
        UUID session = dice.uuid();
        boolean late = dice.chance(LOGS_IN_LATE);
        for (Step step : visit.steps()) {
            long at = Math.max(order.orderedAt() - LONGEST_VISIT, from + step.micros());
            boolean known =
                    at >= order.customer().createdAt() && (!late || step.type().compareTo(EventType.CHECKOUT) >= 0);
            enqueue(
                    order.tenant(),
                    known ? OptionalLong.of(order.customer().id()) : OptionalLong.empty(),
                    session,
                    step,
                    at);
        }
    }

    private void enqueue(Tenant tenant, OptionalLong customerId, UUID session, Step step, long occurredAt) {
        if (occurredAt < horizon.until()) {
            waiting.add(new Waiting(tenant, customerId, session, step, occurredAt, sequence++));
        }
    }

    /** A visit that will be made up when its time has come. */
    private sealed interface Planned {

        Tenant tenant();

        /** Before when none of its steps happens. */
        long from();
    }

    private record Purchase(Order order) implements Planned {

        @Override
        public Tenant tenant() {
            return order.tenant();
        }

        @Override
        public long from() {
            return order.orderedAt() - LONGEST_VISIT;
        }
    }

    private record Unfinished(Tenant tenant, long from, Shape shape) implements Planned {}

    private record Waiting(
            Tenant tenant, OptionalLong customerId, UUID session, Step step, long occurredAt, long sequence) {}
}
