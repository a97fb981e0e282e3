package dev.tenantlake.source.traffic;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static dev.tenantlake.source.traffic.RowCounts.Change.INSERT;
import static dev.tenantlake.source.traffic.RowCounts.Change.UPDATE;

import dev.tenantlake.source.shop.Money;
import dev.tenantlake.source.shop.SubscriptionPlan;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Everything that happens to subscriptions. */
final class SubscriptionDesk {

    private SubscriptionDesk() {}

    /** A subscription begins, changes its plan, pauses, goes on, or ends; whether there was one that could. */
    static boolean change(Work work) throws SQLException {
        double which = work.dice().fraction();
        if (which < 0.4) {
            return begin(work);
        }
        if (which < 0.65) {
            return changePlan(work);
        }
        if (which < 0.77) {
            return changeStatus(work, "active", "paused");
        }
        if (which < 0.87) {
            return changeStatus(work, "paused", "active");
        }
        return end(work);
    }

    private static boolean begin(Work work) throws SQLException {
        Optional<Long> customer = work.pick(CUSTOMERS, row -> row.getLong("id"), """
                SELECT id FROM shop.customers c
                WHERE tenant_id = ? AND id >= ?
                    AND NOT EXISTS (
                        SELECT FROM shop.subscriptions s
                        WHERE (s.tenant_id, s.customer_id) = (c.tenant_id, c.id) AND s.status <> 'cancelled')
                ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
                """);
        if (customer.isEmpty()) {
            return false;
        }
        SubscriptionPlan plan = SubscriptionPlan.first(work.dice());
        BigDecimal price = price(work, plan);
        long subscription = work.writeOne(
                        SUBSCRIPTIONS,
                        INSERT,
                        row -> row.getLong("id"),
                        """
                        INSERT INTO shop.subscriptions (tenant_id, customer_id, plan, status, monthly_amount)
                        VALUES (?, ?, ?, 'active', ?) RETURNING id
                        """,
                        work.tenant().id(),
                        customer.get(),
                        plan.label(),
                        price)
                .orElseThrow();
        work.write(INVOICES, INSERT, """
                INSERT INTO shop.invoices (tenant_id, customer_id, subscription_id, status, amount, due_at, paid_at)
                VALUES (?, ?, ?, 'paid', ?, now() + interval '7 days', now())
                """, work.tenant().id(), customer.get(), subscription, price);
        return true;
    }

    private static boolean changePlan(Work work) throws SQLException {
        Optional<Current> current = pick(work, "active");
        if (current.isEmpty()) {
            return false;
        }
        SubscriptionPlan plan = current.get().plan();
        SubscriptionPlan next = work.dice().chance(0.75) ? plan.larger() : plan.smaller();
        if (next == plan) {
            return false;
        }
        work.write(
                SUBSCRIPTIONS,
                UPDATE,
                """
                UPDATE shop.subscriptions SET plan = ?, monthly_amount = ?, updated_at = now()
                WHERE tenant_id = ? AND id = ?
                """,
                next.label(),
                price(work, next),
                work.tenant().id(),
                current.get().id());
        return true;
    }

    private static boolean changeStatus(Work work, String from, String to) throws SQLException {
        Optional<Current> current = pick(work, from);
        if (current.isEmpty()) {
            return false;
        }
        work.write(
                SUBSCRIPTIONS,
                UPDATE,
                "UPDATE shop.subscriptions SET status = ?, updated_at = now() WHERE tenant_id = ? AND id = ?",
                to,
                work.tenant().id(),
                current.get().id());
        return true;
    }

    private static boolean end(Work work) throws SQLException {
        Optional<Current> current = pick(work, "active");
        if (current.isEmpty()) {
            return false;
        }
        work.write(SUBSCRIPTIONS, UPDATE, """
                UPDATE shop.subscriptions SET status = 'cancelled', cancelled_at = now(), updated_at = now()
                WHERE tenant_id = ? AND id = ?
                """, work.tenant().id(), current.get().id());
        return true;
    }

    private static Optional<Current> pick(Work work, String status) throws SQLException {
        return work.pick(
                SUBSCRIPTIONS,
                row -> new Current(
                        row.getLong("id"),
                        SubscriptionPlan.valueOf(row.getString("plan").toUpperCase(Locale.ROOT))),
                """
                SELECT id, plan FROM shop.subscriptions WHERE tenant_id = ? AND id >= ? AND status = ?
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                status);
    }

    private static BigDecimal price(Work work, SubscriptionPlan plan) {
        return Money.decimal(plan.monthlyPrice(work.tenant().market()));
    }

    private record Current(long id, SubscriptionPlan plan) {}
}
