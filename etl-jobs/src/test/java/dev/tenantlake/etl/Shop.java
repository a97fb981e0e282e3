package dev.tenantlake.etl;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** Rows of the shop, whole and keeping every rule; a test changes what it is about. */
final class Shop {

    private static final Instant STAMP = Instant.parse("2026-03-01T08:30:00.123456Z");

    private Shop() {}

    static Map<String, Object> tenant(long id, String timeZone) {
        return row(
                "id",
                id,
                "slug",
                "tenant-" + id,
                "name",
                "Tenant " + id,
                "plan",
                "growth",
                "country",
                "DE",
                "currency",
                "EUR",
                "time_zone",
                timeZone);
    }

    static Map<String, Object> customer(long tenant, long id) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "email",
                "c" + id + "@example.org",
                "name",
                "Customer " + id,
                "country",
                "DE",
                "segment",
                "consumer",
                "acquired_via",
                "search",
                "birth_date",
                java.time.LocalDate.of(1990, 5, 17));
    }

    static Map<String, Object> product(long tenant, long id) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "sku",
                "SKU-" + id,
                "name",
                "Product " + id,
                "category",
                "books",
                "unit_price",
                money("19.90"),
                "unit_cost",
                money("7.05"),
                "stock_quantity",
                12,
                "active",
                true,
                "tags",
                "[\"new\", \"blue\"]");
    }

    static Map<String, Object> order(long tenant, long id, String status, String amount, String orderedAt) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "customer_id",
                1L,
                "status",
                status,
                "currency",
                "EUR",
                "total_amount",
                money(amount),
                "ordered_at",
                Instant.parse(orderedAt));
    }

    static Map<String, Object> item(long tenant, long id, long order, long product, int quantity, String price) {
        return row(
                "tenant_id", tenant,
                "id", id,
                "order_id", order,
                "product_id", product,
                "quantity", quantity,
                "unit_price", money(price),
                "discount_amount", money("0.00"));
    }

    static Map<String, Object> event(long tenant, long id, String occurredAt) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "session_id",
                "6f1b1f0e-0000-4000-8000-000000000001",
                "event_type",
                "view",
                "product_id",
                1L,
                "properties",
                "{\"page\": 1}",
                "occurred_at",
                Instant.parse(occurredAt));
    }

    static Map<String, Object> subscription(long tenant, long id) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "customer_id",
                1L,
                "plan",
                "plus",
                "status",
                "active",
                "monthly_amount",
                money("9.00"),
                "started_at",
                STAMP);
    }

    static Map<String, Object> invoice(long tenant, long id, long order) {
        return row(
                "tenant_id",
                tenant,
                "id",
                id,
                "customer_id",
                1L,
                "order_id",
                order,
                "status",
                "open",
                "amount",
                money("12.00"),
                "issued_at",
                STAMP,
                "due_at",
                STAMP.plusSeconds(86_400));
    }

    static BigDecimal money(String amount) {
        return new BigDecimal(amount);
    }

    /** A row with some columns changed. */
    static Map<String, Object> with(Map<String, Object> row, Map<String, Object> changes) {
        Map<String, Object> changed = new HashMap<>(row);
        changed.putAll(changes);
        return changed;
    }

    private static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        row.put("created_at", STAMP);
        row.put("updated_at", STAMP);
        return Collections.unmodifiableMap(row);
    }
}
