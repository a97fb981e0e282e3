package dev.tenantlake.source.traffic;

import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.source.traffic.RowCounts.Change.UPDATE;

import dev.tenantlake.source.shop.Money;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Optional;

/** What happens to goods. */
final class Warehouse {

    private static final double PRICE_CHANGES = 0.15;
    private static final int SCARCE = 60;

    private Warehouse() {}

    /** The id of a product that can be bought. */
    static Optional<Long> anyOnSale(Work work) throws SQLException {
        return work.pick(PRODUCTS, row -> row.getLong("id"), """
                SELECT id FROM shop.products WHERE tenant_id = ? AND id >= ? AND active AND stock_quantity > 0
                ORDER BY id LIMIT 1
                """);
    }

    /** A delivery of what is scarce, or of any one product if nothing is; at times a new price in its place. */
    static boolean restock(Work work) throws SQLException {
        if (work.dice().chance(PRICE_CHANGES)) {
            return reprice(work);
        }
        int delivered = 10 * work.dice().between(5, 30);
        int scarce = work.write(
                PRODUCTS,
                UPDATE,
                """
                UPDATE shop.products SET stock_quantity = stock_quantity + ?, updated_at = now()
                WHERE tenant_id = ? AND id IN (
                    SELECT id FROM shop.products WHERE tenant_id = ? AND active AND stock_quantity < ?
                    ORDER BY stock_quantity, id LIMIT ? FOR UPDATE SKIP LOCKED)
                """,
                delivered,
                work.tenant().id(),
                work.tenant().id(),
                SCARCE,
                work.dice().between(1, 4));
        if (scarce > 0) {
            return true;
        }
        Optional<Long> any = anyOnSale(work);
        return any.isPresent()
                && work.write(PRODUCTS, UPDATE, """
                                UPDATE shop.products SET stock_quantity = stock_quantity + ?, updated_at = now()
                                WHERE tenant_id = ? AND id = ?
                                """, delivered, work.tenant().id(), any.get()) > 0;
    }

    private static boolean reprice(Work work) throws SQLException {
        Optional<Long> product = anyOnSale(work);
        if (product.isEmpty()) {
            return false;
        }
        Optional<BigDecimal> price = work.one(
                row -> row.getBigDecimal("unit_price"),
                "SELECT unit_price FROM shop.products WHERE tenant_id = ? AND id = ? FOR UPDATE",
                work.tenant().id(),
                product.get());
        if (price.isEmpty()) {
            return false;
        }
        double changed = price.get().doubleValue() * work.dice().between(0.88, 1.13);
        work.write(
                PRODUCTS,
                UPDATE,
                "UPDATE shop.products SET unit_price = ?, updated_at = now() WHERE tenant_id = ? AND id = ?",
                Money.decimal(Money.of(work.tenant().currency()).priceTag(changed)),
                work.tenant().id(),
                product.get());
        return true;
    }
}
