package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.Basket;
import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.Money;
import java.util.ArrayList;
import java.util.List;

/** Every order of the history, in the order in which they were placed. */
final class OrderBook {

    /**
     * How many orders of consumers come from a visit that the shop may track; the others are by telephone, on a
     * marketplace, or of somebody who did not consent.
     */
    private static final double TRACKED = 0.27;

    private final List<Order> all = new ArrayList<>();

    OrderBook(SeedPlan plan, List<Tenant> tenants, CustomerBase customers, ProductRange products) {
        Horizon horizon = plan.horizon();
        int[] counts = Apportionment.of(plan.scale().orders(), CustomerBase.sizes(tenants), 1);
        List<Dice> dice = tenants.stream()
                .map(tenant -> Dice.of(plan.seed(), "orders", tenant.id()))
                .toList();
        List<Moment> moments = Moment.inOrder(
                tenants, tenant -> tenant.calendar().times(counts[tenant.index()], dice.get(tenant.index())));
        long items = 0;
        for (Moment moment : moments) {
            Order order = order(
                    moment,
                    all.size() + 1L,
                    items,
                    customers,
                    products,
                    horizon,
                    dice.get(moment.tenant().index()));
            items += order.items().size();
            all.add(order);
        }
    }

    List<Order> all() {
        return all;
    }

    private static Order order(
            Moment moment,
            long id,
            long itemsBefore,
            CustomerBase customers,
            ProductRange products,
            Horizon horizon,
            Dice dice) {
        Tenant tenant = moment.tenant();
        Money money = tenant.market().money();
        Customer customer = customers.somebody(tenant, moment.micros(), dice);
        List<OrderItem> items = new ArrayList<>();
        for (Product product : products.different(tenant, moment.micros(), Basket.lines(dice), dice)) {
            int quantity = Basket.quantity(customer.segment(), dice);
            long discount = Basket.discount(quantity * product.unitPrice(), money, dice);
            items.add(new OrderItem(itemsBefore + items.size() + 1, id, product, quantity, discount, moment.micros()));
        }
        boolean onAccount = customer.buysOnAccount();
        OrderLifecycle lifecycle = OrderLifecycle.of(moment.micros(), onAccount, horizon, dice);
        // The visit began before the order, and is not to begin before the history.
        boolean tracked =
                !onAccount && dice.chance(TRACKED) && moment.micros() - EventStream.LONGEST_VISIT >= horizon.start();
        return new Order(id, customer, items, moment.micros(), lifecycle, tracked);
    }
}
