package dev.tenantlake.etl;

import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Gold's figures computed row by row from the source's rows, as the contract defines them. */
final class GoldFigures {

    private static final Set<String> STATUSES =
            Set.of("pending", "paid", "shipped", "delivered", "cancelled", "refunded");

    private GoldFigures() {}

    static List<Map<String, Object>> revenueDaily(Source source) {
        Map<String, Map<String, Object>> figures = new TreeMap<>();
        countedOrders(source).values().forEach(order -> {
            Map<String, Object> row = figures.computeIfAbsent(
                    order.get("tenant_id") + "/" + order.get("day") + "/" + order.get("currency"), key -> {
                        Map<String, Object> first = new HashMap<>();
                        for (String column : List.of("tenant_id", "day", "currency")) {
                            first.put(column, order.get(column));
                        }
                        first.put("orders", 0L);
                        first.put("revenue", new BigDecimal("0.00"));
                        first.put("refunds", new BigDecimal("0.00"));
                        return first;
                    });
            BigDecimal amount = (BigDecimal) order.get("total_amount");
            row.merge("orders", 1L, (a, b) -> (Long) a + (Long) b);
            row.merge("revenue", amount, (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            if (order.get("status").equals("refunded")) {
                row.merge("refunds", amount, (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            }
        });
        figures.values()
                .forEach(row -> row.put(
                        "average_order_value",
                        ((BigDecimal) row.get("revenue"))
                                .divide(BigDecimal.valueOf((Long) row.get("orders")), 2, RoundingMode.HALF_UP)));
        return new ArrayList<>(figures.values());
    }

    static List<Map<String, Object>> productDaily(Source source) {
        Map<List<Object>, Map<String, Object>> orders = countedOrders(source);
        Map<String, Map<String, Object>> figures = new TreeMap<>();
        Map<String, Set<Object>> ordersOf = new HashMap<>();
        for (Map<String, Object> item : source.rows(ORDER_ITEMS)) {
            Map<String, Object> order = orders.get(List.of(item.get("tenant_id"), item.get("order_id")));
            if (order == null || !goodItem(item)) {
                continue;
            }
            String key = order.get("tenant_id") + "/" + order.get("day") + "/" + item.get("product_id") + "/"
                    + order.get("currency");
            Map<String, Object> row = figures.computeIfAbsent(key, missing -> {
                Map<String, Object> first = new HashMap<>();
                for (String column : List.of("tenant_id", "day", "currency")) {
                    first.put(column, order.get(column));
                }
                first.put("product_id", item.get("product_id"));
                first.put("units", 0L);
                first.put("gross_amount", new BigDecimal("0.00"));
                first.put("discount_amount", new BigDecimal("0.00"));
                return first;
            });
            int quantity = (Integer) item.get("quantity");
            BigDecimal gross = ((BigDecimal) item.get("unit_price")).multiply(BigDecimal.valueOf(quantity));
            ordersOf.computeIfAbsent(key, missing -> new HashSet<>()).add(item.get("order_id"));
            row.put("orders", (long) ordersOf.get(key).size());
            row.merge("units", (long) quantity, (a, b) -> (Long) a + (Long) b);
            row.merge("gross_amount", gross, (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            row.merge("discount_amount", item.get("discount_amount"), (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
        }
        figures.values()
                .forEach(row -> row.put("revenue", ((BigDecimal) row.get("gross_amount")).subtract((BigDecimal)
                                row.get("discount_amount"))));
        return new ArrayList<>(figures.values());
    }

    /** By key, the orders that count, with their day. */
    private static Map<List<Object>, Map<String, Object>> countedOrders(Source source) {
        Map<Object, ZoneId> zones = new HashMap<>();
        for (Map<String, Object> tenant : source.rows(TENANTS)) {
            if (ZoneId.getAvailableZoneIds().contains(tenant.get("time_zone"))) {
                zones.put(tenant.get("id"), ZoneId.of((String) tenant.get("time_zone")));
            }
        }
        Map<List<Object>, Map<String, Object>> orders = new HashMap<>();
        for (Map<String, Object> order : source.rows(ORDERS)) {
            String status = (String) order.get("status");
            ZoneId zone = zones.get(order.get("tenant_id"));
            boolean good = STATUSES.contains(status) && ((BigDecimal) order.get("total_amount")).signum() >= 0;
            if (zone != null && good && !status.equals("pending") && !status.equals("cancelled")) {
                LocalDate day = ((Instant) order.get("ordered_at")).atZone(zone).toLocalDate();
                orders.put(List.of(order.get("tenant_id"), order.get("id")), Shop.with(order, Map.of("day", day)));
            }
        }
        return orders;
    }

    private static boolean goodItem(Map<String, Object> item) {
        return (Integer) item.get("quantity") > 0;
    }
}
