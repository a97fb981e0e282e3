package dev.tenantlake.source.traffic;

import dev.tenantlake.source.shop.Dice.Weighted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What happens in a shop, each in a transaction of its own. */
enum TransactionKind {
    /** A customer orders: order, items, stock, the invoice if it is on account, and often the visit's events. */
    ORDER_PLACED(24),
    /** An order is paid, sent or delivered, and its invoice paid. */
    ORDER_ADVANCED(38),
    /** An order that is not paid is given up: its invoice void, its goods back in stock. */
    ORDER_CANCELLED(4),
    /** A delivered order is sent back: its money returned, its goods back in stock. */
    ORDER_REFUNDED(2),
    /** A cancelled order is deleted with its items, its invoice and the visit that it came from. */
    ORDER_DELETED(2),
    /** Somebody looks around and leaves: events. */
    VISIT(12),
    /** Goods arrive, or a price changes. */
    RESTOCKED(7),
    /** Somebody becomes a customer. */
    CUSTOMER_JOINED(4),
    /** A customer changes the own data, or asks to be forgotten; who never bought anything is deleted. */
    CUSTOMER_CHANGED(3),
    /** A subscription begins, changes its plan, pauses, goes on, or ends. */
    SUBSCRIPTION_CHANGED(4);

    /** All of them, as often as they happen. */
    static final Weighted<TransactionKind> MIX = Weighted.of(
            List.of(values()),
            Arrays.stream(values()).mapToDouble(kind -> kind.weight).toArray());

    private final double weight;

    TransactionKind(double weight) {
        this.weight = weight;
    }

    /** As the summary has it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
