package dev.tenantlake.etl;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static dev.tenantlake.model.SourceTable.TENANTS;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gold's figures computed row by row from the source's rows, as the contract defines them. */
final class GoldFigures {

    private static final Set<String> STATUSES =
            Set.of("pending", "paid", "shipped", "delivered", "cancelled", "refunded");
    /** Before this no instant of a row may be. */
    private static final Instant TOO_LONG_AGO = Instant.parse("1900-01-01T00:00:00Z");

    private static final List<String> VISIT_SUMS = List.of(
            "visits",
            "known_visits",
            "bounces",
            "events",
            "product_view_events",
            "seconds",
            "viewing_visits",
            "cart_visits",
            "checkout_visits",
            "purchase_visits");

    private static final Pattern QUANTITY = Pattern.compile("\"quantity\": \"?([0-9]+)\"?}");

    private GoldFigures() {}

    static List<Map<String, Object>> revenueDaily(Source source) {
        List<Map<String, Object>> figures = revenue(source, "day", day -> day);
        figures.forEach(row -> row.put(
                "average_order_value",
                ((BigDecimal) row.get("revenue"))
                        .divide(BigDecimal.valueOf((Long) row.get("orders")), 2, RoundingMode.HALF_UP)));
        return figures;
    }

    static List<Map<String, Object>> revenueMonthly(Source source) {
        return revenue(source, "month", day -> day.withDayOfMonth(1));
    }

    private static List<Map<String, Object>> revenue(
            Source source, String periodName, UnaryOperator<LocalDate> period) {
        Map<String, Map<String, Object>> figures = new TreeMap<>();
        countedOrders(source).values().forEach(order -> {
            LocalDate during = period.apply((LocalDate) order.get("day"));
            Map<String, Object> row = figures.computeIfAbsent(
                    order.get("tenant_id") + "/" + during + "/" + order.get("currency"), key -> {
                        Map<String, Object> first = new HashMap<>();
                        for (String column : List.of("tenant_id", "currency")) {
                            first.put(column, order.get(column));
                        }
                        first.put(periodName, during);
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
        return new ArrayList<>(figures.values());
    }

    static List<Map<String, Object>> productDaily(Source source) {
        return products(source, "day", day -> day);
    }

    static List<Map<String, Object>> productMonthly(Source source) {
        return products(source, "month", day -> day.withDayOfMonth(1));
    }

    private static List<Map<String, Object>> products(
            Source source, String periodName, UnaryOperator<LocalDate> period) {
        Map<List<Object>, Map<String, Object>> orders = countedOrders(source);
        Map<String, Map<String, Object>> figures = new TreeMap<>();
        Map<String, Set<Object>> ordersOf = new HashMap<>();
        Map<String, Set<Object>> keptOf = new HashMap<>();
        for (Map<String, Object> item : source.rows(ORDER_ITEMS)) {
            Map<String, Object> order = orders.get(List.of(item.get("tenant_id"), item.get("order_id")));
            if (order == null || !goodItem(item)) {
                continue;
            }
            LocalDate during = period.apply((LocalDate) order.get("day"));
            String key =
                    order.get("tenant_id") + "/" + during + "/" + item.get("product_id") + "/" + order.get("currency");
            Map<String, Object> row = figures.computeIfAbsent(key, missing -> {
                Map<String, Object> first = new HashMap<>();
                for (String column : List.of("tenant_id", "currency")) {
                    first.put(column, order.get(column));
                }
                first.put(periodName, during);
                first.put("kept_orders", 0L);
                first.put("kept_units", 0L);
                first.put("kept_revenue", new BigDecimal("0.00"));
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
            if (!order.get("status").equals("refunded")) {
                keptOf.computeIfAbsent(key, missing -> new HashSet<>()).add(item.get("order_id"));
                row.put("kept_orders", (long) keptOf.get(key).size());
                row.merge("kept_units", (long) quantity, (a, b) -> (Long) a + (Long) b);
                row.merge(
                        "kept_revenue",
                        gross.subtract((BigDecimal) item.get("discount_amount")),
                        (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            }
        }
        figures.values()
                .forEach(row -> row.put("revenue", ((BigDecimal) row.get("gross_amount")).subtract((BigDecimal)
                                row.get("discount_amount"))));
        return new ArrayList<>(figures.values());
    }

    static List<Map<String, Object>> categoryDaily(Source source) {
        return categories(source, "day", productDaily(source));
    }

    static List<Map<String, Object>> categoryMonthly(Source source) {
        return categories(source, "month", productMonthly(source));
    }

    private static List<Map<String, Object>> categories(
            Source source, String periodName, List<Map<String, Object>> sales) {
        Map<List<Object>, Map<String, Object>> products = new HashMap<>();
        for (Map<String, Object> product : source.rows(PRODUCTS)) {
            if (((BigDecimal) product.get("unit_cost")).signum() >= 0) {
                products.put(List.of(product.get("tenant_id"), product.get("id")), product);
            }
        }
        Map<Map<String, Object>, Map<String, Object>> figures = new HashMap<>();
        for (Map<String, Object> sale : sales) {
            Map<String, Object> product =
                    products.getOrDefault(List.of(sale.get("tenant_id"), sale.get("product_id")), Map.of());
            Map<String, Object> key = new HashMap<>();
            for (String column : List.of("tenant_id", periodName, "currency")) {
                key.put(column, sale.get(column));
            }
            // Rows are compared without their nulls.
            if (!product.isEmpty()) {
                key.put("category", product.get("category"));
            }
            Map<String, Object> row = figures.computeIfAbsent(key, HashMap::new);
            row.merge("units", sale.get("units"), (a, b) -> (Long) a + (Long) b);
            row.merge("kept_units", sale.get("kept_units"), (a, b) -> (Long) a + (Long) b);
            for (String amount : List.of("revenue", "kept_revenue")) {
                row.merge(amount, sale.get(amount), (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            }
            if (!product.isEmpty()) {
                row.merge(
                        "kept_cost",
                        ((BigDecimal) product.get("unit_cost"))
                                .multiply(BigDecimal.valueOf((Long) sale.get("kept_units"))),
                        (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
            }
        }
        return new ArrayList<>(figures.values());
    }

    static List<Map<String, Object>> visitsDaily(Source source) {
        return visits(source, "day", day -> day);
    }

    static List<Map<String, Object>> visitsMonthly(Source source) {
        return visits(source, "month", day -> day.withDayOfMonth(1));
    }

    private static List<Map<String, Object>> visits(Source source, String periodName, UnaryOperator<LocalDate> period) {
        Map<Object, ZoneId> zones = zones(source);
        Map<List<Object>, List<Map<String, Object>>> sessions = new HashMap<>();
        for (Map<String, Object> event : source.rows(EVENTS)) {
            if (zones.containsKey(event.get("tenant_id")) && event.get("event_type") != null) {
                sessions.computeIfAbsent(
                                List.of(event.get("tenant_id"), event.get("session_id")), first -> new ArrayList<>())
                        .add(event);
            }
        }
        Map<String, Map<String, Object>> figures = new TreeMap<>();
        sessions.values()
                .forEach(events -> visits(events).forEach(visit -> {
                    Object tenant = visit.get(0).get("tenant_id");
                    LocalDate during = period.apply(
                            occurredAt(visit.get(0)).atZone(zones.get(tenant)).toLocalDate());
                    add(
                            figures.computeIfAbsent(tenant + "/" + during, key -> {
                                Map<String, Object> first =
                                        new HashMap<>(Map.of("tenant_id", tenant, periodName, during));
                                VISIT_SUMS.forEach(column -> first.put(column, 0L));
                                first.put("journeys", new TreeMap<String, Long>());
                                first.put("abandoned_products", new TreeMap<Long, Long>());
                                return first;
                            }),
                            visit);
                }));
        for (String list : List.of("journeys", "abandoned_products")) {
            figures.values()
                    .forEach(row -> row.put(
                            list,
                            ((Map<?, ?>) row.get(list))
                                    .entrySet().stream()
                                            .map(entry -> List.of(entry.getKey(), entry.getValue()))
                                            .toList()));
        }
        return new ArrayList<>(figures.values());
    }

    /** A session's events, in order, visit by visit; those more than two days after their visit began are of none. */
    private static List<List<Map<String, Object>>> visits(List<Map<String, Object>> events) {
        events.sort(Comparator.comparing(GoldFigures::occurredAt).thenComparing(event -> (Long) event.get("id")));
        List<List<Map<String, Object>>> visits = new ArrayList<>();
        Instant previous = Instant.MIN;
        for (Map<String, Object> event : events) {
            Instant at = occurredAt(event);
            if (previous.equals(Instant.MIN) || Duration.between(previous, at).toHours() >= 48) {
                visits.add(new ArrayList<>());
            }
            List<Map<String, Object>> visit = visits.get(visits.size() - 1);
            if (visit.isEmpty()
                    || Duration.between(occurredAt(visit.get(0)), at).toHours() < 48) {
                visit.add(event);
            }
            previous = at;
        }
        return visits;
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> during, List<Map<String, Object>> visit) {
        List<String> kinds =
                visit.stream().map(event -> (String) event.get("event_type")).toList();
        boolean bought = kinds.contains("purchase");
        boolean checkedOut = bought || kinds.contains("checkout");
        boolean filled = checkedOut || kinds.contains("add_to_cart");
        boolean viewed = filled || kinds.contains("product_view");
        Map.of(
                        "visits",
                        1L,
                        "known_visits",
                        visit.stream().anyMatch(event -> event.get("customer_id") != null) ? 1L : 0L,
                        "bounces",
                        visit.size() == 1 ? 1L : 0L,
                        "events",
                        (long) visit.size(),
                        "product_view_events",
                        kinds.stream().filter("product_view"::equals).count(),
                        "seconds",
                        occurredAt(visit.get(visit.size() - 1)).getEpochSecond()
                                - occurredAt(visit.get(0)).getEpochSecond(),
                        "viewing_visits",
                        viewed ? 1L : 0L,
                        "cart_visits",
                        filled ? 1L : 0L,
                        "checkout_visits",
                        checkedOut ? 1L : 0L,
                        "purchase_visits",
                        bought ? 1L : 0L)
                .forEach((column, value) -> during.merge(column, value, (a, b) -> (Long) a + (Long) b));
        List<String> steps = new ArrayList<>();
        for (String kind : kinds) {
            if (steps.isEmpty() || !steps.get(steps.size() - 1).equals(kind)) {
                steps.add(kind);
            }
        }
        ((Map<String, Long>) during.get("journeys")).merge(String.join(" > ", steps), 1L, Long::sum);
        for (Map<String, Object> event : visit) {
            if (!bought && event.get("event_type").equals("add_to_cart") && event.get("product_id") != null) {
                Matcher whole = QUANTITY.matcher((String) event.get("properties"));
                ((Map<Long, Long>) during.get("abandoned_products"))
                        .merge(
                                (Long) event.get("product_id"),
                                whole.find() ? Long.parseLong(whole.group(1)) : 1L,
                                Long::sum);
            }
        }
    }

    private static Instant occurredAt(Map<String, Object> event) {
        return (Instant) event.get("occurred_at");
    }

    static List<Map<String, Object>> customersDaily(Source source) {
        return customers(source, "day", day -> day);
    }

    static List<Map<String, Object>> customersMonthly(Source source) {
        return customers(source, "month", day -> day.withDayOfMonth(1));
    }

    private static List<Map<String, Object>> customers(
            Source source, String periodName, UnaryOperator<LocalDate> period) {
        Map<Object, ZoneId> zones = zones(source);
        Map<Map<String, Object>, Long> counts = new HashMap<>();
        for (Map<String, Object> customer : source.rows(CUSTOMERS)) {
            LocalDate since = since(customer, zones);
            if (since != null) {
                counts.merge(
                        Map.of(
                                "tenant_id",
                                customer.get("tenant_id"),
                                periodName,
                                period.apply(since),
                                "acquired_via",
                                customer.get("acquired_via")),
                        1L,
                        Long::sum);
            }
        }
        return counts.entrySet().stream()
                .map(count -> Shop.with(count.getKey(), Map.of("new_customers", count.getValue())))
                .toList();
    }

    /** The day of a customer's account, or null if there is none in silver or the tenant has no clock. */
    private static LocalDate since(Map<String, Object> customer, Map<Object, ZoneId> zones) {
        ZoneId zone = zones.get(customer.get("tenant_id"));
        Instant createdAt = (Instant) customer.get("created_at");
        return zone != null && createdAt.isAfter(TOO_LONG_AGO)
                ? createdAt.atZone(zone).toLocalDate()
                : null;
    }

    static List<Map<String, Object>> cohortsMonthly(Source source) {
        Map<List<Object>, LocalDate> cohorts = new HashMap<>();
        Collection<Map<String, Object>> orders = countedOrders(source).values();
        for (Map<String, Object> order : orders) {
            cohorts.merge(buyer(order), month(order), (a, b) -> a.isBefore(b) ? a : b);
        }
        Map<Map<String, Object>, Set<Object>> customers = new HashMap<>();
        Map<Map<String, Object>, BigDecimal> revenue = new HashMap<>();
        for (Map<String, Object> order : orders) {
            Map<String, Object> key = Map.of(
                    "tenant_id",
                    order.get("tenant_id"),
                    "currency",
                    order.get("currency"),
                    "cohort_month",
                    cohorts.get(buyer(order)),
                    "month",
                    month(order));
            customers.computeIfAbsent(key, first -> new HashSet<>()).add(order.get("customer_id"));
            revenue.merge(key, (BigDecimal) order.get("total_amount"), BigDecimal::add);
        }
        return revenue.entrySet().stream()
                .map(month -> Shop.with(
                        month.getKey(),
                        Map.of(
                                "active_customers",
                                (long) customers.get(month.getKey()).size(),
                                "revenue",
                                month.getValue())))
                .toList();
    }

    static List<Map<String, Object>> retentionPeriods(Source source) {
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Map.Entry<String, Integer> period :
                Map.of("month", 1, "quarter", 3, "year", 12).entrySet()) {
            int months = period.getValue();
            Map<Object, TreeMap<LocalDate, Set<Object>>> buyers = new HashMap<>();
            for (Map<String, Object> order : countedOrders(source).values()) {
                LocalDate month = month(order);
                buyers.computeIfAbsent(order.get("tenant_id"), first -> new TreeMap<>())
                        .computeIfAbsent(
                                month.withMonth(1 + (month.getMonthValue() - 1) / months * months),
                                first -> new HashSet<>())
                        .add(order.get("customer_id"));
            }
            buyers.forEach((tenant, periods) -> periods.forEach((start, active) -> {
                Set<Object> known = new HashSet<>();
                periods.headMap(start).values().forEach(known::addAll);
                Set<Object> lately = periods.getOrDefault(start.minusMonths(months), Set.of());
                figures.add(Map.of(
                        "tenant_id", tenant,
                        "period", period.getKey(),
                        "period_start", start,
                        "active_customers", (long) active.size(),
                        "new_customers",
                                active.stream()
                                        .filter(one -> !known.contains(one))
                                        .count(),
                        "retained_customers",
                                active.stream().filter(lately::contains).count(),
                        "returned_customers",
                                active.stream()
                                        .filter(one -> known.contains(one) && !lately.contains(one))
                                        .count()));
            }));
        }
        return figures;
    }

    static List<Map<String, Object>> lifetimeDaily(Source source) {
        return lifetimes(source, "day", day -> day);
    }

    static List<Map<String, Object>> lifetimeMonthly(Source source) {
        return lifetimes(source, "month", day -> day.withDayOfMonth(1));
    }

    private static List<Map<String, Object>> lifetimes(
            Source source, String periodName, UnaryOperator<LocalDate> period) {
        Map<Object, ZoneId> zones = zones(source);
        Map<Object, Object> currencies = new HashMap<>();
        source.rows(TENANTS).forEach(tenant -> currencies.put(tenant.get("id"), tenant.get("currency")));
        Collection<Map<String, Object>> orders = countedOrders(source).values();
        Map<Map<String, Object>, Map<String, Object>> figures = new HashMap<>();
        for (Map<String, Object> customer : source.rows(CUSTOMERS)) {
            Object tenant = customer.get("tenant_id");
            ZoneId zone = zones.get(tenant);
            LocalDate since = since(customer, zones);
            if (since == null) {
                continue;
            }
            List<Map<String, Object>> bought = orders.stream()
                    .filter(order -> order.get("tenant_id").equals(tenant)
                            && order.get("customer_id").equals(customer.get("id")))
                    .sorted(Comparator.comparing(order -> (LocalDate) order.get("day")))
                    .toList();
            List<Map<String, Object>> paid = source.rows(INVOICES).stream()
                    .filter(bill -> bill.get("tenant_id").equals(tenant)
                            && bill.get("customer_id").equals(customer.get("id"))
                            && bill.get("subscription_id") != null
                            && bill.get("status").equals("paid")
                            && ((BigDecimal) bill.get("amount")).signum() >= 0
                            && bill.get("paid_at") != null)
                    .toList();
            for (String grouping : List.of("acquired_via", "segment", "country")) {
                BiFunction<Object, LocalDate, Map<String, Object>> rows = (currency, day) -> figures.computeIfAbsent(
                        Map.of(
                                "tenant_id",
                                tenant,
                                "grouped_by",
                                grouping,
                                "customer_group",
                                customer.get(grouping),
                                "currency",
                                currency,
                                periodName,
                                period.apply(day.isBefore(since) ? since : day)),
                        key -> {
                            Map<String, Object> first = new HashMap<>(key);
                            for (String count : List.of("new_customers", "new_buyers", "orders")) {
                                first.put(count, 0L);
                            }
                            first.put("order_revenue", new BigDecimal("0.00"));
                            first.put("subscription_revenue", new BigDecimal("0.00"));
                            return first;
                        });
                count(rows.apply(currencies.get(tenant), since), "new_customers");
                Set<Object> known = new HashSet<>();
                for (Map<String, Object> order : bought) {
                    Map<String, Object> row = rows.apply(order.get("currency"), (LocalDate) order.get("day"));
                    count(row, "orders");
                    if (known.add(order.get("currency"))) {
                        count(row, "new_buyers");
                    }
                    if (!order.get("status").equals("refunded")) {
                        add(row, "order_revenue", (BigDecimal) order.get("total_amount"));
                    }
                }
                for (Map<String, Object> bill : paid) {
                    add(
                            rows.apply(
                                    currencies.get(tenant),
                                    ((Instant) bill.get("paid_at")).atZone(zone).toLocalDate()),
                            "subscription_revenue",
                            (BigDecimal) bill.get("amount"));
                }
            }
        }
        return new ArrayList<>(figures.values());
    }

    static List<Map<String, Object>> subscriptionsMonthly(Source source) {
        Map<Object, ZoneId> zones = zones(source);
        Map<Map<String, Object>, Map<String, Object>> figures = new HashMap<>();
        for (Map<String, Object> subscription : goodSubscriptions(source)) {
            ZoneId zone = zones.get(subscription.get("tenant_id"));
            if (zone == null) {
                continue;
            }
            LocalDate start = month((Instant) subscription.get("started_at"), zone);
            Instant cancelledAt = (Instant) subscription.get("cancelled_at");
            LocalDate end = cancelledAt == null ? LocalDate.MAX : month(cancelledAt, zone);
            if (end.isBefore(start)) {
                continue;
            }
            count(contracts(figures, subscription, start), "started_subscriptions");
            if (cancelledAt != null) {
                Map<String, Object> row = contracts(figures, subscription, end);
                count(row, "cancelled_subscriptions");
                add(row, "cancelled_monthly_amount", (BigDecimal) subscription.get("monthly_amount"));
                if (start.isBefore(end)) {
                    count(row, "churned_subscriptions");
                }
            }
        }
        return new ArrayList<>(figures.values());
    }

    private static Map<String, Object> contracts(
            Map<Map<String, Object>, Map<String, Object>> figures, Map<String, Object> subscription, LocalDate month) {
        return figures.computeIfAbsent(Map.of("tenant_id", subscription.get("tenant_id"), "month", month), key -> {
            Map<String, Object> first = new HashMap<>(key);
            for (String count : List.of("started_subscriptions", "cancelled_subscriptions", "churned_subscriptions")) {
                first.put(count, 0L);
            }
            first.put("cancelled_monthly_amount", new BigDecimal("0.00"));
            return first;
        });
    }

    static List<Map<String, Object>> subscriptionPlans(Source source) {
        Map<Map<String, Object>, Map<String, Object>> figures = new HashMap<>();
        for (Map<String, Object> subscription : goodSubscriptions(source)) {
            if (subscription.get("status").equals("cancelled")) {
                continue;
            }
            Map<String, Object> row = figures.computeIfAbsent(
                    Map.of("tenant_id", subscription.get("tenant_id"), "plan", subscription.get("plan")), key -> {
                        Map<String, Object> first = new HashMap<>(key);
                        for (String count : List.of("subscriptions", "active_subscriptions", "paused_subscriptions")) {
                            first.put(count, 0L);
                        }
                        first.put("mrr", new BigDecimal("0.00"));
                        return first;
                    });
            count(row, "subscriptions");
            count(row, subscription.get("status") + "_subscriptions");
            if (subscription.get("status").equals("active")) {
                add(row, "mrr", (BigDecimal) subscription.get("monthly_amount"));
            }
        }
        return new ArrayList<>(figures.values());
    }

    private static List<Map<String, Object>> goodSubscriptions(Source source) {
        return source.rows(SUBSCRIPTIONS).stream()
                .filter(row -> List.of("active", "paused", "cancelled").contains(row.get("status"))
                        && ((BigDecimal) row.get("monthly_amount")).signum() >= 0)
                .toList();
    }

    static List<Map<String, Object>> recurringMonthly(Source source) {
        Map<Object, ZoneId> zones = zones(source);
        Map<List<Object>, Map<String, Object>> subscriptions = new HashMap<>();
        Map<Object, Map<Object, BigDecimal>> agreed = new HashMap<>();
        for (Map<String, Object> row : goodSubscriptions(source)) {
            BigDecimal amount = (BigDecimal) row.get("monthly_amount");
            if (zones.containsKey(row.get("tenant_id"))) {
                subscriptions.put(List.of(row.get("tenant_id"), row.get("id")), row);
                if (row.get("status").equals("active") && amount.signum() > 0) {
                    agreed.computeIfAbsent(row.get("tenant_id"), first -> new HashMap<>())
                            .merge(row.get("customer_id"), amount, BigDecimal::add);
                }
            }
        }
        // The last of a month takes the place of those before it.
        Map<Object, Map<Object, TreeMap<LocalDate, BigDecimal>>> billed = new HashMap<>();
        source.rows(INVOICES).stream()
                .sorted(Comparator.<Map<String, Object>, Instant>comparing(row -> (Instant) row.get("issued_at"))
                        .thenComparing(row -> (Long) row.get("id")))
                .filter(row -> List.of("open", "paid", "refunded").contains(row.get("status"))
                        && ((BigDecimal) row.get("amount")).signum() >= 0
                        && row.get("subscription_id") != null)
                .forEach(row -> {
                    Map<String, Object> subscription =
                            subscriptions.get(List.of(row.get("tenant_id"), row.get("subscription_id")));
                    if (subscription == null) {
                        return;
                    }
                    ZoneId zone = zones.get(row.get("tenant_id"));
                    LocalDate month = month((Instant) row.get("issued_at"), zone);
                    Instant end = (Instant) subscription.get("cancelled_at");
                    if (end == null || month(end, zone).isAfter(month)) {
                        billed.computeIfAbsent(row.get("tenant_id"), first -> new HashMap<>())
                                .computeIfAbsent(row.get("customer_id"), first -> new TreeMap<>())
                                .put(month, (BigDecimal) row.get("amount"));
                    }
                });
        billed.values()
                .forEach(customers ->
                        customers.values().forEach(months -> months.values().removeIf(amount -> amount.signum() == 0)));
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Object tenant : zones.keySet()) {
            Map<Object, BigDecimal> now = agreed.getOrDefault(tenant, Map.of());
            Map<Object, TreeMap<LocalDate, BigDecimal>> bills = billed.getOrDefault(tenant, Map.of());
            Set<LocalDate> months = new HashSet<>();
            bills.values()
                    .forEach(ofCustomer -> ofCustomer.keySet().forEach(month -> {
                        for (int later = 0; later <= 2; later++) {
                            months.add(month.plusMonths(later));
                        }
                    }));
            if (!now.isEmpty()) {
                months.add(LocalDate.EPOCH);
            }
            for (LocalDate month : months) {
                figures.add(recurring(tenant, month, true, now, bills));
                Map<Object, BigDecimal> then = new HashMap<>();
                bills.forEach((customer, some) -> then.put(customer, some.get(month)));
                then.values().removeIf(amount -> amount == null);
                Map<String, Object> over = recurring(tenant, month, false, then, bills);
                if (!over.get("customers").equals(0L)
                        || !over.get("churned_customers").equals(0L)) {
                    figures.add(over);
                }
            }
        }
        return figures;
    }

    private static Map<String, Object> recurring(
            Object tenant,
            LocalDate month,
            boolean isRunning,
            Map<Object, BigDecimal> paying,
            Map<Object, TreeMap<LocalDate, BigDecimal>> bills) {
        Map<String, Object> row = new HashMap<>(Map.of("tenant_id", tenant, "month", month, "is_running", isRunning));
        for (String count : List.of("customers", "new_customers", "churned_customers")) {
            row.put(count, 0L);
        }
        for (String amount :
                List.of("mrr", "new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr")) {
            row.put(amount, new BigDecimal("0.00"));
        }
        Set<Object> customers = new HashSet<>(paying.keySet());
        customers.addAll(bills.keySet());
        for (Object customer : customers) {
            TreeMap<LocalDate, BigDecimal> billed = bills.getOrDefault(customer, new TreeMap<>());
            BigDecimal before = billed.get(month.minusMonths(1));
            BigDecimal now = paying.get(customer);
            if (now == null) {
                if (before != null) {
                    count(row, "churned_customers");
                    add(row, "churned_mrr", before);
                }
                continue;
            }
            count(row, "customers");
            add(row, "mrr", now);
            if (billed.headMap(month).isEmpty()) {
                count(row, "new_customers");
                add(row, "new_mrr", now);
            } else if (before == null) {
                add(row, "reactivation_mrr", now);
            } else {
                add(row, "expansion_mrr", now.subtract(before).max(BigDecimal.ZERO));
                add(row, "contraction_mrr", before.subtract(now).max(BigDecimal.ZERO));
            }
        }
        return row;
    }

    private static void count(Map<String, Object> row, String column) {
        row.merge(column, 1L, (a, b) -> (Long) a + (Long) b);
    }

    private static void add(Map<String, Object> row, String column, BigDecimal amount) {
        row.merge(column, amount, (a, b) -> ((BigDecimal) a).add((BigDecimal) b));
    }

    private static LocalDate month(Instant instant, ZoneId zone) {
        return instant.atZone(zone).toLocalDate().withDayOfMonth(1);
    }

    private static List<Object> buyer(Map<String, Object> order) {
        return List.of(order.get("tenant_id"), order.get("currency"), order.get("customer_id"));
    }

    private static LocalDate month(Map<String, Object> order) {
        return ((LocalDate) order.get("day")).withDayOfMonth(1);
    }

    /** By key, the orders that count, with their day. */
    private static Map<List<Object>, Map<String, Object>> countedOrders(Source source) {
        Map<Object, ZoneId> zones = zones(source);
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

    /** By tenant, its time zone, if it has a good one. */
    private static Map<Object, ZoneId> zones(Source source) {
        Map<Object, ZoneId> zones = new HashMap<>();
        for (Map<String, Object> tenant : source.rows(TENANTS)) {
            if (ZoneId.getAvailableZoneIds().contains(tenant.get("time_zone"))) {
                zones.put(tenant.get("id"), ZoneId.of((String) tenant.get("time_zone")));
            }
        }
        return zones;
    }

    private static boolean goodItem(Map<String, Object> item) {
        return (Integer) item.get("quantity") > 0;
    }
}
