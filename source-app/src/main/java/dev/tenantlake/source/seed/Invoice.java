package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * An invoice.
 *
 * @param terms what was billed, and what became of it
 */
record Invoice(long id, Terms terms) implements Row {

    Invoice {
        requireNonNull(terms, "terms");
    }

    @Override
    public SourceTable table() {
        return SourceTable.INVOICES;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(terms.customer().tenant().id())
                .number(id)
                .number(terms.customer().id())
                .number(terms.orderId())
                .number(terms.subscriptionId())
                .text(terms.status())
                .money(terms.amount())
                .instant(terms.issuedAt())
                .instant(terms.dueAt())
                .instant(terms.paidAt())
                .instant(terms.issuedAt())
                .instant(terms.changedAt());
    }

    /** All of an invoice but its number. Of {@code orderId} and {@code subscriptionId}, one is there. */
    record Terms(
            Customer customer,
            OptionalLong orderId,
            OptionalLong subscriptionId,
            String status,
            long amount,
            long issuedAt,
            long dueAt,
            OptionalLong paidAt,
            long changedAt) {

        private static final long ORDER_DUE_AFTER = 14 * Horizon.DAY;
        private static final long SUBSCRIPTION_DUE_AFTER = 7 * Horizon.DAY;

        Terms {
            requireNonNull(customer, "customer");
            requireNonNull(orderId, "orderId");
            requireNonNull(subscriptionId, "subscriptionId");
            requireNonNull(status, "status");
            requireNonNull(paidAt, "paidAt");
        }

        /** The invoice of an order on account: of its amount and its day, paid when it is, void or refunded as it is. */
        static Terms of(Order order) {
            OrderLifecycle lifecycle = order.lifecycle();
            return new Terms(
                    order.customer(),
                    OptionalLong.of(order.id()),
                    OptionalLong.empty(),
                    lifecycle.status().invoiceStatus(),
                    order.total(),
                    order.orderedAt(),
                    order.orderedAt() + ORDER_DUE_AFTER,
                    lifecycle.paidAt(),
                    switch (lifecycle.status()) {
                        case PENDING, CANCELLED, REFUNDED -> lifecycle.changedAt();
                        case PAID, SHIPPED, DELIVERED -> lifecycle.paidAt().orElseThrow();
                    });
        }

        /** The invoice of a month of a subscription. */
        static Terms of(
                Customer customer,
                long subscriptionId,
                String status,
                long amount,
                long issuedAt,
                OptionalLong paidAt,
                long changedAt) {
            return new Terms(
                    customer,
                    OptionalLong.empty(),
                    OptionalLong.of(subscriptionId),
                    status,
                    amount,
                    issuedAt,
                    issuedAt + SUBSCRIPTION_DUE_AFTER,
                    paidAt,
                    changedAt);
        }
    }
}
