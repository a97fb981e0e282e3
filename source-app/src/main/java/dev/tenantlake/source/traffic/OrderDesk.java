package dev.tenantlake.source.traffic;

import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.source.traffic.RowCounts.Change.DELETE;
import static dev.tenantlake.source.traffic.RowCounts.Change.INSERT;
import static dev.tenantlake.source.traffic.RowCounts.Change.UPDATE;

import dev.tenantlake.source.shop.Basket;
import dev.tenantlake.source.shop.Money;
import dev.tenantlake.source.shop.OrderStatus;
import dev.tenantlake.source.shop.Visit;
import dev.tenantlake.source.shop.Visit.Line;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** Everything that happens to orders. Each returns whether there was an order that it could happen to. */
final class OrderDesk {

    private static final double TRACKED = 0.4;

    // How long after an order something happens to it, on average: a shop works on what came in lately.
    private static final Duration TO_DELIVER = Duration.ofHours(36);
    private static final Duration TO_THINK_BETTER_OF_IT = Duration.ofHours(6);
    private static final Duration TO_SEND_BACK = Duration.ofDays(7);
    private static final Duration TO_CLEAR_AWAY = Duration.ofDays(7);

    private OrderDesk() {}

    static boolean place(Work work) throws SQLException {
        Optional<Buyer> buyer = Buyer.any(work);
        if (buyer.isEmpty()) {
            return false;
        }
        List<Sold> sold = takeFromStock(work, buyer.get());
        if (sold.isEmpty()) {
            return false;
        }
        long total = sold.stream().mapToLong(Sold::amount).sum();
        long order = work.writeOne(
                        ORDERS,
                        INSERT,
                        row -> row.getLong("id"),
                        """
                        INSERT INTO shop.orders (tenant_id, customer_id, status, currency, total_amount)
                        VALUES (?, ?, 'pending', ?, ?) RETURNING id
                        """,
                        work.tenant().id(),
                        buyer.get().id(),
                        work.tenant().currency(),
                        Money.decimal(total))
                .orElseThrow();
        List<Object[]> items = new ArrayList<>();
        for (Sold line : sold) {
            items.add(new Object[] {
                work.tenant().id(),
                order,
                line.product(),
                line.quantity(),
                Money.decimal(line.unitPrice()),
                Money.decimal(line.discount())
            });
        }
        work.insertAll(ORDER_ITEMS, """
                INSERT INTO shop.order_items (tenant_id, order_id, product_id, quantity, unit_price, discount_amount)
                VALUES (?, ?, ?, ?, ?, ?)\
                """, items);
        if (buyer.get().buysOnAccount()) {
            work.write(INVOICES, INSERT, """
                    INSERT INTO shop.invoices (tenant_id, customer_id, order_id, status, amount, due_at)
                    VALUES (?, ?, ?, 'open', ?, now() + interval '14 days')
                    """, work.tenant().id(), buyer.get().id(), order, Money.decimal(total));
        } else if (work.dice().chance(TRACKED)) {
            List<Line> lines = sold.stream()
                    .map(line -> new Line(line.product(), line.quantity()))
                    .toList();
            Visit visit = Visit.purchase(lines, order, total, work.tenant().currency(), work.dice());
            Storefront.record(work, visit, OptionalLong.of(buyer.get().id()));
        }
        return true;
    }

    static boolean advance(Work work) throws SQLException {
        List<OrderStatus> open = List.of(OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.SHIPPED);
        int first = work.dice().between(0, open.size() - 1);
        for (int i = 0; i < open.size(); i++) {
            OrderStatus from = open.get((first + i) % open.size());
            Optional<Placed> order = pick(work, from, TO_DELIVER);
            if (order.isPresent()) {
                change(work, order.get(), OrderStatus.values()[from.ordinal() + 1]);
                return true;
            }
        }
        return false;
    }

    static boolean cancel(Work work) throws SQLException {
        return takeBack(work, OrderStatus.PENDING, OrderStatus.CANCELLED, TO_THINK_BETTER_OF_IT);
    }

    static boolean refund(Work work) throws SQLException {
        return takeBack(work, OrderStatus.DELIVERED, OrderStatus.REFUNDED, TO_SEND_BACK);
    }

    static boolean delete(Work work) throws SQLException {
        Optional<Placed> picked = pick(work, OrderStatus.CANCELLED, TO_CLEAR_AWAY);
        if (picked.isEmpty()) {
            return false;
        }
        Placed order = picked.get();
        long tenant = work.tenant().id();
        work.write(EVENTS, DELETE, """
                DELETE FROM shop.events WHERE tenant_id = ? AND session_id IN (
                    SELECT session_id FROM shop.events
                    WHERE tenant_id = ? AND customer_id = ? AND event_type = 'purchase'
                        AND properties ->> 'order_id' = ?)
                """, tenant, tenant, order.customer(), String.valueOf(order.id()));
        work.write(
                INVOICES, DELETE, "DELETE FROM shop.invoices WHERE tenant_id = ? AND order_id = ?", tenant, order.id());
        work.write(
                ORDER_ITEMS,
                DELETE,
                "DELETE FROM shop.order_items WHERE tenant_id = ? AND order_id = ?",
                tenant,
                order.id());
        work.write(ORDERS, DELETE, "DELETE FROM shop.orders WHERE tenant_id = ? AND id = ?", tenant, order.id());
        return true;
    }

    /** Takes what is wanted, as far as it is there; in the order of ids, so that two buyers never wait for each other. */
    private static List<Sold> takeFromStock(Work work, Buyer buyer) throws SQLException {
        SortedSet<Long> wanted = new TreeSet<>();
        int lines = Basket.lines(work.dice());
        for (int i = 0; i < lines; i++) {
            Warehouse.anyOnSale(work).ifPresent(wanted::add);
        }
        Money money = Money.of(work.tenant().currency());
        List<Sold> sold = new ArrayList<>();
        for (long product : wanted) {
            int quantity = Basket.quantity(buyer.segment(), work.dice());
            work.writeOne(
                            PRODUCTS,
                            UPDATE,
                            row -> Money.hundredths(row.getBigDecimal("unit_price")),
                            """
                            UPDATE shop.products SET stock_quantity = stock_quantity - ?, updated_at = now()
                            WHERE tenant_id = ? AND id = ? AND active AND stock_quantity >= ? RETURNING unit_price
                            """,
                            quantity,
                            work.tenant().id(),
                            product,
                            quantity)
                    .ifPresent(price -> sold.add(
                            new Sold(product, quantity, price, Basket.discount(quantity * price, money, work.dice()))));
        }
        return sold;
    }

    private static boolean takeBack(Work work, OrderStatus from, OrderStatus to, Duration after) throws SQLException {
        Optional<Placed> order = pick(work, from, after);
        if (order.isEmpty()) {
            return false;
        }
        change(work, order.get(), to);
        work.write(
                PRODUCTS,
                UPDATE,
                """
                UPDATE shop.products p SET stock_quantity = p.stock_quantity + i.quantity, updated_at = now()
                FROM (SELECT product_id, sum(quantity) AS quantity FROM shop.order_items
                      WHERE tenant_id = ? AND order_id = ? GROUP BY product_id) i
                WHERE p.tenant_id = ? AND p.id = i.product_id
                """,
                work.tenant().id(),
                order.get().id(),
                work.tenant().id());
        return true;
    }

    private static void change(Work work, Placed order, OrderStatus to) throws SQLException {
        work.write(
                ORDERS,
                UPDATE,
                "UPDATE shop.orders SET status = ?, updated_at = now() WHERE tenant_id = ? AND id = ?",
                to.label(),
                work.tenant().id(),
                order.id());
        // Nothing to do if the order has no invoice, or if its invoice does not change with that.
        work.write(
                INVOICES,
                UPDATE,
                """
                UPDATE shop.invoices
                SET status = ?, updated_at = now(), paid_at = CASE WHEN ? = 'paid' THEN now() ELSE paid_at END
                WHERE tenant_id = ? AND order_id = ? AND status <> ?
                """,
                to.invoiceStatus(),
                to.invoiceStatus(),
                work.tenant().id(),
                order.id(),
                to.invoiceStatus());
    }

    /**
     * Picks an order of some status: the first since a moment in the past, else the last before it.
     *
     * @param meanAge how long ago that moment is on average
     */
    private static Optional<Placed> pick(Work work, OrderStatus status, Duration meanAge) throws SQLException {
        double seconds = work.dice().waiting(meanAge.toSeconds());
        Work.Reader<Placed> placed = row -> new Placed(row.getLong("id"), row.getLong("customer_id"));
        Optional<Placed> since = work.one(placed, """
                SELECT id, customer_id FROM shop.orders
                WHERE tenant_id = ? AND ordered_at >= now() - ? * interval '1 second' AND status = ?
                ORDER BY ordered_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """, work.tenant().id(), seconds, status.label());
        return since.isPresent() ? since : work.one(placed, """
                        SELECT id, customer_id FROM shop.orders
                        WHERE tenant_id = ? AND ordered_at < now() - ? * interval '1 second' AND status = ?
                        ORDER BY ordered_at DESC, id DESC LIMIT 1 FOR UPDATE SKIP LOCKED
                        """, work.tenant().id(), seconds, status.label());
    }

    private record Placed(long id, long customer) {}

    /** A line of an order; amounts in hundredths. */
    private record Sold(long product, int quantity, long unitPrice, long discount) {

        long amount() {
            return quantity * unitPrice - discount;
        }
    }
}
