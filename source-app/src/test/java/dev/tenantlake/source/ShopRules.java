package dev.tenantlake.source;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is true of a shop's rows at any time, after a seed as well as after traffic: each query finds what is not. */
public final class ShopRules {

    private static final Map<String, String> RULES = rules();

    private ShopRules() {}

    /** The rules that do not hold, each with the first rows that break it. */
    public static Map<String, List<String>> broken(TestShop shop) throws SQLException {
        Map<String, List<String>> broken = new LinkedHashMap<>();
        for (Map.Entry<String, String> rule : RULES.entrySet()) {
            List<String> rows = shop.rows(rule.getValue() + " LIMIT 3");
            if (!rows.isEmpty()) {
                broken.put(rule.getKey(), rows);
            }
        }
        return broken;
    }

    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("an order's total is the sum of its items, of which it has at least one", """
                SELECT o.tenant_id, o.id, o.total_amount, sum(i.quantity * i.unit_price - i.discount_amount)
                FROM shop.orders o
                LEFT JOIN shop.order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
                GROUP BY o.tenant_id, o.id
                HAVING o.total_amount IS DISTINCT FROM sum(i.quantity * i.unit_price - i.discount_amount)
                """);
        rules.put("an order is in its tenant's currency", """
                SELECT o.tenant_id, o.id FROM shop.orders o JOIN shop.tenants t ON t.id = o.tenant_id
                WHERE o.currency <> t.currency
                """);
        rules.put("an order's items are different products, as old as the order", """
                SELECT o.tenant_id, o.id FROM shop.orders o
                JOIN shop.order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
                GROUP BY o.tenant_id, o.id, o.ordered_at
                HAVING count(*) <> count(DISTINCT i.product_id) OR bool_or(i.created_at <> o.ordered_at)
                """);
        rules.put("nobody orders before being a customer, and nothing is ordered before it is sold", """
                SELECT o.tenant_id, o.id FROM shop.orders o
                JOIN shop.customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
                JOIN shop.order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
                JOIN shop.products p ON p.tenant_id = i.tenant_id AND p.id = i.product_id
                WHERE c.created_at > o.ordered_at OR p.created_at > o.ordered_at
                """);
        rules.put(
                "an order on account has one invoice, of its amount, customer and state; no other order has one", """
                SELECT o.tenant_id, o.id, c.segment, o.status, i.status FROM shop.orders o
                JOIN shop.customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
                LEFT JOIN shop.invoices i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
                WHERE (c.segment = 'consumer') <> (i.id IS NULL)
                    OR i.amount <> o.total_amount
                    OR i.customer_id <> o.customer_id
                    OR i.issued_at <> o.ordered_at
                    OR i.status <> CASE o.status WHEN 'pending' THEN 'open' WHEN 'cancelled' THEN 'void'
                                                 WHEN 'refunded' THEN 'refunded' ELSE 'paid' END
                """);
        rules.put("a subscription's invoices are its customer's, from its time, and one a month at most", """
                SELECT s.tenant_id, s.id FROM shop.subscriptions s
                JOIN shop.invoices i ON i.tenant_id = s.tenant_id AND i.subscription_id = s.id
                GROUP BY s.tenant_id, s.id
                HAVING bool_or(i.customer_id <> s.customer_id OR i.issued_at < s.started_at
                               OR i.issued_at > coalesce(s.cancelled_at, i.issued_at))
                    OR count(*) <> count(DISTINCT date_trunc('day', i.issued_at))
                """);
        rules.put("every subscription is billed from its first day on", """
                SELECT s.tenant_id, s.id FROM shop.subscriptions s
                WHERE NOT EXISTS (
                    SELECT FROM shop.invoices i
                    WHERE i.tenant_id = s.tenant_id AND i.subscription_id = s.id AND i.issued_at = s.started_at)
                """);
        rules.put(
                "nothing is paid before it is billed",
                "SELECT tenant_id, id FROM shop.invoices WHERE paid_at < issued_at");
        rules.put(
                "a purchase is of an order: its customer, total, currency and time, and there is one of it at most",
                """
                SELECT e.tenant_id, e.id FROM shop.events e
                LEFT JOIN shop.orders o
                    ON o.tenant_id = e.tenant_id AND o.id = (e.properties ->> 'order_id')::bigint
                WHERE e.event_type = 'purchase'
                    AND (o.id IS NULL OR e.customer_id IS DISTINCT FROM o.customer_id
                         OR (e.properties ->> 'total')::numeric <> o.total_amount
                         OR e.properties ->> 'currency' <> o.currency OR e.occurred_at <> o.ordered_at)
                UNION ALL
                SELECT tenant_id, min(id) FROM shop.events WHERE event_type = 'purchase'
                GROUP BY tenant_id, properties ->> 'order_id' HAVING count(*) > 1
                """);
        rules.put("a visit begins with a page view, and comes to a purchase only by cart and checkout", """
                SELECT tenant_id, session_id, steps FROM (
                    SELECT tenant_id, session_id,
                        string_agg(event_type, ' ' ORDER BY occurred_at, id) AS steps
                    FROM shop.events GROUP BY tenant_id, session_id) visits
                WHERE steps !~ '^page_view( product_view| add_to_cart)*( checkout)?( purchase)?$'
                    OR steps ~ 'purchase' AND steps !~ 'product_view.* add_to_cart.* checkout purchase$'
                    OR steps ~ 'checkout' AND steps !~ 'add_to_cart.* checkout'
                """);
        rules.put("a visit is of one tenant and of one customer at most", """
                SELECT session_id FROM shop.events GROUP BY session_id
                HAVING count(DISTINCT tenant_id) > 1 OR count(DISTINCT customer_id) > 1
                """);
        rules.put("an event has its product if it is about one", """
                SELECT tenant_id, id FROM shop.events
                WHERE (event_type IN ('product_view', 'add_to_cart')) <> (product_id IS NOT NULL)
                """);
        rules.put(
                "a product has a price and a cost",
                "SELECT tenant_id, id FROM shop.products WHERE unit_cost <= 0 OR unit_price <= 0");
        rules.put("yen are whole", """
                SELECT o.tenant_id, o.id FROM shop.orders o
                JOIN shop.order_items i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
                WHERE o.currency = 'JPY' AND (o.total_amount % 1 <> 0 OR i.discount_amount % 1 <> 0)
                """);
        rules.put("nothing changed before it was created, or in the future", """
                SELECT id, created_at, updated_at FROM (
                    SELECT id, created_at, updated_at FROM shop.tenants
                    UNION ALL SELECT id, created_at, updated_at FROM shop.customers
                    UNION ALL SELECT id, created_at, updated_at FROM shop.products
                    UNION ALL SELECT id, created_at, updated_at FROM shop.orders
                    UNION ALL SELECT id, created_at, updated_at FROM shop.order_items
                    UNION ALL SELECT id, created_at, updated_at FROM shop.events
                    UNION ALL SELECT id, created_at, updated_at FROM shop.subscriptions
                    UNION ALL SELECT id, created_at, updated_at FROM shop.invoices) AS stamped
                WHERE updated_at < created_at OR updated_at > now()
                """);
        return rules;
    }
}
