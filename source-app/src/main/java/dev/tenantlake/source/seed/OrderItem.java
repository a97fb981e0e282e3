package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import java.io.IOException;

/** A line of an order; {@code discount} is in hundredths and of the whole line. */
record OrderItem(long id, long orderId, Product product, int quantity, long discount, long orderedAt) implements Row {

    OrderItem {
        requireNonNull(product, "product");
    }

    /** What the line costs, in hundredths. */
    long amount() {
        return quantity * product.unitPrice() - discount;
    }

    @Override
    public SourceTable table() {
        return SourceTable.ORDER_ITEMS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(product.tenant().id())
                .number(id)
                .number(orderId)
                .number(product.id())
                .number(quantity)
                .money(product.unitPrice())
                .money(discount)
                .instant(orderedAt)
                .instant(orderedAt);
    }
}
