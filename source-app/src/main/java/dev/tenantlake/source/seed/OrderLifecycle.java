package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.OrderStatus;
import java.util.OptionalLong;

/**
 * How far an order has come when the history ends: what would happen to it later has not happened. So young orders are
 * pending or paid, and old ones delivered, cancelled or refunded.
 *
 * @param paidAt when it was paid, if it was
 * @param changedAt when it came to its status
 */
record OrderLifecycle(OrderStatus status, OptionalLong paidAt, long changedAt) {

    private static final double GIVEN_UP = 0.045;
    private static final double PAYS_LATER = 0.08;
    private static final double CALLED_OFF = 0.012;
    private static final double SENT_BACK = 0.045;

    OrderLifecycle {
        requireNonNull(status, "status");
        requireNonNull(paidAt, "paidAt");
    }

    /**
     * The life of an order.
     *
     * @param onAccount whether an invoice is to be paid first, which takes days in place of minutes
     */
    static OrderLifecycle of(long orderedAt, boolean onAccount, Horizon horizon, Dice dice) {
        Course course = new Course(orderedAt, horizon.until());
        if (dice.chance(GIVEN_UP)) {
            course.then(OrderStatus.CANCELLED, Horizon.HOUR / 2 + days(dice, onAccount ? 6 : 1.5));
            return course.reached();
        }
        course.then(OrderStatus.PAID, timeToPay(onAccount, dice));
        if (dice.chance(CALLED_OFF)) {
            course.then(OrderStatus.REFUNDED, Horizon.HOUR + days(dice, 0.4));
            return course.reached();
        }
        course.then(OrderStatus.SHIPPED, 4 * Horizon.HOUR + days(dice, 1.1));
        course.then(OrderStatus.DELIVERED, Horizon.DAY + days(dice, 2.2));
        if (dice.chance(SENT_BACK)) {
            course.then(OrderStatus.REFUNDED, 2 * Horizon.DAY + days(dice, 7));
        }
        return course.reached();
    }

    private static long timeToPay(boolean onAccount, Dice dice) {
        if (onAccount) {
            return Horizon.HOUR + days(dice, 5);
        }
        return dice.chance(PAYS_LATER)
                ? Horizon.HOUR + days(dice, 1)
                : 20 * Horizon.SECOND + (long) (dice.waiting(2) * Horizon.MINUTE);
    }

    private static long days(Dice dice, double mean) {
        return (long) (dice.waiting(mean) * Horizon.DAY);
    }

    /** One status after the other, as far as the time goes. */
    private static final class Course {

        private final long until;
        private long time;
        private OrderStatus status = OrderStatus.PENDING;
        private long changedAt;
        private OptionalLong paidAt = OptionalLong.empty();

        Course(long orderedAt, long until) {
            this.until = until;
            this.time = orderedAt;
            this.changedAt = orderedAt;
        }

        void then(OrderStatus next, long after) {
            time += after;
            if (time < until) {
                status = next;
                changedAt = time;
                if (next == OrderStatus.PAID) {
                    paidAt = OptionalLong.of(time);
                }
            }
        }

        OrderLifecycle reached() {
            return new OrderLifecycle(status, paidAt, changedAt);
        }
    }
}
