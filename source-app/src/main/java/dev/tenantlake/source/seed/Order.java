package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.util.List;

/**
 * An order.
 *
 * @param tracked whether the visit that it ended is among the events
 */
record Order(
        long id, Customer customer, List<OrderItem> items, long orderedAt, OrderLifecycle lifecycle, boolean tracked)
        implements Row {

    Order {
        requireNonNull(customer, "customer");
        items = List.copyOf(items);
        requireNonNull(lifecycle, "lifecycle");
    }

    Tenant tenant() {
        return customer.tenant();
    }

    /** The sum of its items, in hundredths. */
    long total() {
        return items.stream().mapToLong(OrderItem::amount).sum();
    }

    @Override
    public SourceTable table() {
        return SourceTable.ORDERS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(tenant().id())
                .number(id)
                .number(customer.id())
                .text(lifecycle.status().label())
                .text(tenant().market().currency())
                .money(total())
                .instant(orderedAt)
                .instant(orderedAt)
                .instant(lifecycle.changedAt());
    }
}
