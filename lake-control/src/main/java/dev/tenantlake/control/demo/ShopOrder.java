package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * An order that a new customer of a tenant places through the shop's own tables, in one transaction.
 *
 * @param tenantId whose shop
 * @param id the order's id
 * @param customerId the customer's id
 * @param currency of its amounts
 * @param total its total amount
 * @param day the day it counts for, by the tenant's clock
 * @param committedNanos when the commit returned, by {@link System#nanoTime()}
 */
record ShopOrder(
        long tenantId,
        long id,
        long customerId,
        String currency,
        BigDecimal total,
        LocalDate day,
        long committedNanos) {

    private static final int ITEMS = 2;

    ShopOrder {
        requireNonNull(currency, "currency");
        requireNonNull(total, "total");
        requireNonNull(day, "day");
    }

    /** Places a paid order of two products, and the event of its purchase. */
    static ShopOrder place(Connection source, long tenantId) throws SQLException {
        boolean autoCommit = source.getAutoCommit();
        source.setAutoCommit(false);
        try {
            long customer = insertCustomer(source, tenantId);
            List<Product> products = products(source, tenantId);
            ShopOrder order = insertOrder(source, tenantId, customer, products);
            insertItems(source, order, products);
            insertEvent(source, order);
            source.commit();
            return new ShopOrder(
                    tenantId, order.id, customer, order.currency, order.total, order.day, System.nanoTime());
        } catch (SQLException e) {
            source.rollback();
            throw e;
        } finally {
            source.setAutoCommit(autoCommit);
        }
    }

    /** What the tenant's orders of that day and currency come to, this one among them. */
    BigDecimal revenueOfItsDay(Connection source) throws SQLException {
        try (PreparedStatement select = source.prepareStatement("""
                select sum(o.total_amount)
                  from shop.orders o
                  join shop.tenants t on t.id = o.tenant_id
                 where o.tenant_id = ? and o.currency = ? and o.status not in ('pending', 'cancelled')
                   and (o.ordered_at at time zone t.time_zone)::date = ?
                """)) {
            select.setLong(1, tenantId);
            select.setString(2, currency);
            select.setObject(3, day);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }

    private static long insertCustomer(Connection source, long tenantId) throws SQLException {
        try (PreparedStatement insert = source.prepareStatement("""
                insert into shop.customers (tenant_id, email, name, phone, country, segment, acquired_via)
                select id, 'demo-' || ? || '@example.com', 'Demo Customer', '+1-555-0100', country, 'consumer', 'direct'
                  from shop.tenants where id = ?
                returning id
                """)) {
            insert.setString(1, UUID.randomUUID().toString());
            insert.setLong(2, tenantId);
            return singleLong(insert);
        }
    }

    private static List<Product> products(Connection source, long tenantId) throws SQLException {
        try (PreparedStatement select = source.prepareStatement(
                "select id, unit_price from shop.products where tenant_id = ? and active order by id limit " + ITEMS)) {
            select.setLong(1, tenantId);
            try (ResultSet row = select.executeQuery()) {
                List<Product> products = new ArrayList<>();
                while (row.next()) {
                    products.add(new Product(row.getLong(1), row.getBigDecimal(2)));
                }
                return products;
            }
        }
    }

    private static ShopOrder insertOrder(Connection source, long tenantId, long customer, List<Product> products)
            throws SQLException {
        BigDecimal total = products.stream().map(Product::price).reduce(BigDecimal.ZERO, BigDecimal::add);
        try (PreparedStatement insert = source.prepareStatement("""
                insert into shop.orders as o (tenant_id, customer_id, status, currency, total_amount, ordered_at)
                select id, ?, 'paid', currency, ?, now() from shop.tenants where id = ?
                returning o.id, o.currency,
                          (select (o.ordered_at at time zone time_zone)::date from shop.tenants where id = o.tenant_id)
                """)) {
            insert.setLong(1, customer);
            insert.setBigDecimal(2, total);
            insert.setLong(3, tenantId);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return new ShopOrder(
                        tenantId,
                        row.getLong(1),
                        customer,
                        row.getString(2),
                        total,
                        row.getObject(3, LocalDate.class),
                        0);
            }
        }
    }

    private static void insertItems(Connection source, ShopOrder order, List<Product> products) throws SQLException {
        try (PreparedStatement insert = source.prepareStatement("""
                insert into shop.order_items (tenant_id, order_id, product_id, quantity, unit_price, discount_amount)
                values (?, ?, ?, 1, ?, 0)
                """)) {
            for (Product product : products) {
                insert.setLong(1, order.tenantId);
                insert.setLong(2, order.id);
                insert.setLong(3, product.id());
                insert.setBigDecimal(4, product.price());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void insertEvent(Connection source, ShopOrder order) throws SQLException {
        try (PreparedStatement insert = source.prepareStatement("""
                insert into shop.events (tenant_id, customer_id, session_id, event_type, properties, occurred_at)
                values (?, ?, ?, 'purchase', jsonb_build_object('order_id', ?), now())
                """)) {
            insert.setLong(1, order.tenantId);
            insert.setLong(2, order.customerId);
            insert.setObject(3, UUID.randomUUID());
            insert.setLong(4, order.id);
            insert.executeUpdate();
        }
    }

    private static long singleLong(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private record Product(long id, BigDecimal price) {}
}
