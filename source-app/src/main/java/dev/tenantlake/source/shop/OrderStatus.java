package dev.tenantlake.source.shop;

import java.util.Locale;

/** Where an order is: {@code pending → paid → shipped → delivered}, with two ways out. */
public enum OrderStatus {
    /** Placed, not paid. */
    PENDING,
    /** Paid, not sent. */
    PAID,
    /** On its way. */
    SHIPPED,
    /** With the customer. */
    DELIVERED,
    /** Given up before it was paid. */
    CANCELLED,
    /** Paid, and the money given back: before it was sent, or after it came back. */
    REFUNDED;

    /** As the database has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of the invoice, if there is one, of an order that is there. */
    public String invoiceStatus() {
        return switch (this) {
            case PENDING -> "open";
            case PAID, SHIPPED, DELIVERED -> "paid";
            case CANCELLED -> "void";
            case REFUNDED -> "refunded";
        };
    }
}
