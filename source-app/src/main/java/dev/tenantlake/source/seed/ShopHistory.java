package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.Assortment;
import dev.tenantlake.source.shop.PeopleNames;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Six months of all tenants' shops, made up from a plan and from nothing else: no clock, no database. Ids count from 1
 * in each table, in the order of time. What one table needs of another is made up once and held, when it is first asked
 * for; the events, which are most of all, are not held.
 */
final class ShopHistory {

    private final SeedPlan plan;
    private final Supplier<List<Tenant>> tenants;
    private final Supplier<CustomerBase> customers;
    private final Supplier<ProductRange> products;
    private final Supplier<OrderBook> orders;
    private final Supplier<SubscriptionBook> subscriptions;

    ShopHistory(SeedPlan plan) {
        this.plan = requireNonNull(plan, "plan");
        PeopleNames names = new PeopleNames(plan.seed());
        this.tenants = once(() -> TenantDirectory.tenants(plan, names));
        this.customers = once(() -> new CustomerBase(plan, tenants.get(), names));
        this.products = once(() -> new ProductRange(plan, tenants.get(), new Assortment(plan.seed())));
        this.orders = once(() -> new OrderBook(plan, tenants.get(), customers.get(), products.get()));
        this.subscriptions = once(() -> new SubscriptionBook(plan, tenants.get(), customers.get()));
    }

    /** The rows of a table, in the order of their ids. */
    Iterator<? extends Row> rows(SourceTable table) {
        return switch (table.name()) {
            case "tenants" -> tenants.get().iterator();
            case "customers" -> customers.get().all().iterator();
            case "products" -> products.get().all().iterator();
            case "orders" -> orders.get().all().iterator();
            case "order_items" ->
                orders.get().all().stream()
                        .flatMap(order -> order.items().stream())
                        .iterator();
            case "events" -> new EventStream(plan, tenants.get(), customers.get(), products.get(), orders.get());
            case "subscriptions" -> subscriptions.get().all().iterator();
            case "invoices" -> invoices();
            default -> throw new IllegalArgumentException(table.qualifiedName() + " has no history");
        };
    }

    private Iterator<Invoice> invoices() {
        AtomicLong id = new AtomicLong();
        Stream<Invoice.Terms> ofOrders = orders.get().all().stream()
                .filter(order -> order.customer().buysOnAccount())
                .map(Invoice.Terms::of);
        return Stream.concat(ofOrders, subscriptions.get().invoices().stream())
                .sorted(Comparator.comparingLong(Invoice.Terms::issuedAt)
                        .thenComparing(terms -> terms.customer().id()))
                .map(terms -> new Invoice(id.incrementAndGet(), terms))
                .iterator();
    }

    private static <T> Supplier<T> once(Supplier<T> supplier) {
        return new Supplier<>() {
            private T value;

            @Override
            public T get() {
                if (value == null) {
                    value = supplier.get();
                }
                return value;
            }
        };
    }
}
