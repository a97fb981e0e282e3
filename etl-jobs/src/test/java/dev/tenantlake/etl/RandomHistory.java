package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.event;
import static dev.tenantlake.etl.Shop.invoice;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.money;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.product;
import static dev.tenantlake.etl.Shop.subscription;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.etl.Shop.with;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static dev.tenantlake.model.SourceTable.TENANTS;

import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * What a shop's tables go through, at random: orders come, change, move in time and go, and their items with them, and so do
 * customers, who change their segments and countries; subscriptions are changed, cancelled and billed; products go from one
 * category to another and cost more or less; events come late, move to other sessions and lose their customers; some rows
 * break a rule for a while; tenants come, go and move to another time zone and currency.
 */
final class RandomHistory {

    private static final String[] ZONES = {
        "UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Nowhere/Land"
    };
    private static final String[] STATUSES = {"pending", "paid", "shipped", "delivered", "cancelled", "refunded", "lost"
    };
    private static final String[] EVENT_TYPES = {
        "page_view", "product_view", "product_view", "add_to_cart", "add_to_cart", "checkout", "purchase"
    };
    private static final String[] PROPERTIES = {
        "{}",
        "{\"quantity\": 1}",
        "{\"quantity\": 3}",
        "{\"quantity\": \"2\"}",
        "{\"quantity\": 1.5}",
        "{\"quantity\": null}",
        "{\"quantity\": \"many\"}"
    };
    /** Around midnights and the nights on which clocks are changed. */
    private static final Instant FROM = Instant.parse("2026-03-27T00:00:00Z");

    /** A row that says so is in quarantine. */
    private static final Instant TOO_LONG_AGO = Instant.parse("1800-01-01T00:00:00Z");

    private static final String[] CHANNELS = {"direct", "search", ""};
    private static final String[] SEGMENTS = {"consumer", "business", ""};
    private static final String[] COUNTRIES = {"DE", "NZ"};
    private static final String[] PLANS = {"basic", "plus", ""};
    private static final String[] CATEGORIES = {"books", ""};
    /** Few of these rows are broken: of a table with too many gold would not be made. */
    private static final String[] SUBSCRIPTION_STATUSES = {
        "active", "active", "active", "active", "active", "paused", "paused", "cancelled", "lost"
    };

    private static final String[] BILL_STATUSES = {
        "open", "paid", "paid", "paid", "paid", "paid", "refunded", "void", "lost"
    };
    private static final String[] AMOUNTS = {"9.00", "9.00", "9.00", "9.00", "12.50", "12.50", "12.50", "0.00", "-1.00"
    };
    private static final int CUSTOMERS_OF_A_TENANT = 4;
    private static final int PRODUCTS_OF_A_TENANT = 4;

    private final Source source;
    private final Random random;
    private long lastId;

    RandomHistory(Source source, long seed) {
        this.source = source;
        this.random = new Random(seed);
    }

    void begin() {
        for (long id = 1; id <= 3; id++) {
            source.insert(TENANTS, tenant(id, ZONES[random.nextInt(5)]));
            // The last is sold before there is a row for it.
            for (long product = 1; product < PRODUCTS_OF_A_TENANT; product++) {
                addProduct(id, product);
            }
        }
        for (int i = 0; i < 35; i++) {
            addOrder();
        }
        for (int i = 0; i < 40; i++) {
            addEvent();
        }
        for (int i = 0; i < 16; i++) {
            addCustomer();
        }
        for (int i = 0; i < 10; i++) {
            addSubscription();
        }
        for (int i = 0; i < 30; i++) {
            addBill();
        }
    }

    void step() {
        switch (random.nextInt(50)) {
            case 0, 1, 2 -> addOrder();
            case 3, 4 -> update(ORDERS, Map.of("status", pick(STATUSES)));
            case 5 -> update(ORDERS, Map.of("ordered_at", instantOfAnyMonth()));
            case 6 -> update(ORDERS, Map.of("total_amount", money(random.nextInt(10) == 0 ? "-3.00" : "47.11")));
            case 7 -> update(ORDERS, Map.of("currency", pick("EUR", "USD")));
            case 8 -> update(ORDER_ITEMS, Map.of("quantity", random.nextInt(5)));
            case 9 -> moveItemToAnotherOrder();
            case 10 -> update(ORDER_ITEMS, Map.of("created_at", instant()));
            case 11 -> delete(ORDER_ITEMS);
            case 12 -> deleteOrder();
            case 13 -> addItem(any(ORDERS));
            case 14 -> update(TENANTS, Map.of("time_zone", pick(ZONES)));
            case 15 -> tenantComesOrGoes();
            case 16, 17, 18 -> addEvent();
            case 19 -> update(EVENTS, Map.of("session_id", session()));
            case 20 -> update(EVENTS, Map.of("occurred_at", instant()));
            case 21 -> update(EVENTS, Map.of("event_type", pick(EVENT_TYPES), "properties", pick(PROPERTIES)));
            case 22 -> update(EVENTS, Collections.singletonMap("event_type", null));
            case 23, 24 -> delete(EVENTS);
            case 25 -> forgetCustomer();
            case 26 -> addCustomer();
            case 27 -> update(CUSTOMERS, Map.of("acquired_via", pick(CHANNELS)));
            case 28 ->
                update(CUSTOMERS, Map.of("created_at", random.nextInt(4) == 0 ? TOO_LONG_AGO : instantOfAnyMonth()));
            case 29 -> delete(CUSTOMERS);
            case 30 -> update(ORDERS, Map.of("customer_id", customer()));
            case 31 -> update(PRODUCTS, Map.of("category", pick(CATEGORIES)));
            case 32 -> update(PRODUCTS, Map.of("unit_cost", money(pick("1.07", "2.50", "-1.00"))));
            case 33 -> update(PRODUCTS, Map.of("stock_quantity", random.nextInt(9)));
            case 34 -> delete(PRODUCTS);
            case 35 -> addMissingProduct();
            case 36 -> addSubscription();
            case 37 -> update(SUBSCRIPTIONS, Map.of("status", pick(SUBSCRIPTION_STATUSES)));
            case 38 -> update(SUBSCRIPTIONS, Map.of("monthly_amount", money(pick(AMOUNTS))));
            case 39 ->
                update(
                        SUBSCRIPTIONS,
                        Collections.singletonMap("cancelled_at", random.nextBoolean() ? null : instantOfAnyMonth()));
            case 40, 41 -> addBill();
            case 42 -> update(INVOICES, Map.of("status", pick(BILL_STATUSES), "amount", money(pick(AMOUNTS))));
            case 43 -> update(INVOICES, Collections.singletonMap("paid_at", paidAt()));
            case 44 -> update(CUSTOMERS, Map.of("segment", pick(SEGMENTS), "country", pick(COUNTRIES)));
            case 45 -> update(TENANTS, Map.of("currency", pick("EUR", "USD")));
            case 46 -> update(SUBSCRIPTIONS, Map.of("started_at", instantOfAnyMonth()));
            case 47 -> update(SUBSCRIPTIONS, Map.of("plan", pick(PLANS)));
            case 48 -> addCustomer();
            default -> delete(random.nextInt(4) == 0 ? SUBSCRIPTIONS : INVOICES);
        }
    }

    void truncateItems() {
        source.truncate(ORDER_ITEMS);
    }

    /** An event of one of a few sessions, which last for days, with gaps of any length. */
    private void addEvent() {
        Map<String, Object> event =
                new HashMap<>(event(1 + random.nextInt(4), ++lastId, instant().toString()));
        event.put("session_id", session());
        event.put("event_type", pick(EVENT_TYPES));
        event.put("properties", pick(PROPERTIES));
        event.put("product_id", random.nextInt(5) == 0 ? null : (Long) (1L + random.nextInt(3)));
        event.put("customer_id", random.nextBoolean() ? null : (Long) (1L + random.nextInt(2)));
        source.insert(EVENTS, event);
    }

    private String session() {
        return "00000000-0000-4000-8000-00000000000" + random.nextInt(5);
    }

    /** As the shop does before it deletes a customer. */
    private void forgetCustomer() {
        long tenant = 1 + random.nextInt(4);
        for (Map<String, Object> event : List.copyOf(source.rows(EVENTS))) {
            if (event.get("tenant_id").equals(tenant) && Objects.equals(event.get("customer_id"), 1L)) {
                source.update(EVENTS, event, Collections.singletonMap("customer_id", null));
            }
        }
    }

    private void addOrder() {
        long tenant = 1 + random.nextInt(4);
        Map<String, Object> order = with(
                order(
                        tenant,
                        ++lastId,
                        pick(STATUSES),
                        "10." + (10 + random.nextInt(90)),
                        instantOfAnyMonth().toString()),
                Map.of("currency", pick("EUR", "USD"), "customer_id", customer()));
        source.insert(ORDERS, order);
        for (int i = random.nextInt(3); i > 0; i--) {
            addItem(order);
        }
    }

    private void addSubscription() {
        source.insert(
                SUBSCRIPTIONS,
                with(
                        subscription(1 + random.nextInt(4), ++lastId),
                        Map.of(
                                "customer_id",
                                customer(),
                                "status",
                                pick(SUBSCRIPTION_STATUSES),
                                "monthly_amount",
                                money(pick(AMOUNTS)),
                                "plan",
                                pick(PLANS),
                                "started_at",
                                instantOfAnyMonth())));
    }

    /** Mostly of a subscription, now and then of an order. */
    private void addBill() {
        Map<String, Object> subscription = any(SUBSCRIPTIONS);
        if (subscription == null) {
            return;
        }
        Map<String, Object> bill = with(
                invoice((Long) subscription.get("tenant_id"), ++lastId, 1),
                Map.of(
                        "customer_id",
                        subscription.get("customer_id"),
                        "status",
                        pick(BILL_STATUSES),
                        "amount",
                        money(pick(AMOUNTS)),
                        "issued_at",
                        instantOfAnyMonth()));
        if (random.nextInt(5) > 0) {
            bill.remove("order_id");
            bill.put("subscription_id", subscription.get("id"));
        }
        bill.put("paid_at", paidAt());
        source.insert(INVOICES, bill);
    }

    /** Mostly some time; silver does not ask that what is paid says when. */
    private Instant paidAt() {
        return random.nextInt(5) == 0 ? null : instantOfAnyMonth();
    }

    private void addMissingProduct() {
        long tenant = 1 + random.nextInt(4);
        long id = 1 + random.nextInt(PRODUCTS_OF_A_TENANT);
        if (isMissing(PRODUCTS, tenant, id)) {
            addProduct(tenant, id);
        }
    }

    private boolean isMissing(SourceTable table, long tenant, long id) {
        return source.rows(table).stream()
                .noneMatch(row ->
                        row.get("tenant_id").equals(tenant) && row.get("id").equals(id));
    }

    private void addProduct(long tenant, long id) {
        source.insert(
                PRODUCTS, with(product(tenant, id), Map.of("category", pick(CATEGORIES), "unit_cost", money("1.07"))));
    }

    /** One who buys, if there is none yet, or else one who does not. */
    private void addCustomer() {
        long tenant = 1 + random.nextInt(4);
        long buyer = customer();
        source.insert(
                CUSTOMERS,
                with(
                        Shop.customer(tenant, isMissing(CUSTOMERS, tenant, buyer) ? buyer : ++lastId),
                        Map.of(
                                "acquired_via",
                                pick(CHANNELS),
                                "segment",
                                pick(SEGMENTS),
                                "country",
                                pick(COUNTRIES),
                                "created_at",
                                instantOfAnyMonth())));
    }

    /** One who buys; there need not be such an account. */
    private long customer() {
        return 1 + random.nextInt(CUSTOMERS_OF_A_TENANT);
    }

    private void addItem(Map<String, Object> order) {
        if (order == null) {
            return;
        }
        source.insert(
                ORDER_ITEMS,
                with(
                        item(
                                (Long) order.get("tenant_id"),
                                ++lastId,
                                (Long) order.get("id"),
                                1 + random.nextInt(3),
                                1 + random.nextInt(4),
                                "3.33"),
                        Map.of(
                                "discount_amount",
                                money("0.0" + random.nextInt(10)),
                                "created_at",
                                random.nextInt(4) == 0 ? instant() : order.get("ordered_at"))));
    }

    private void moveItemToAnotherOrder() {
        Map<String, Object> item = any(ORDER_ITEMS);
        if (item != null) {
            List<Map<String, Object>> orders = source.rows(ORDERS).stream()
                    .filter(order -> order.get("tenant_id").equals(item.get("tenant_id")))
                    .toList();
            if (!orders.isEmpty()) {
                source.update(
                        ORDER_ITEMS,
                        item,
                        Map.of(
                                "order_id",
                                orders.get(random.nextInt(orders.size())).get("id")));
            }
        }
    }

    private void deleteOrder() {
        Map<String, Object> order = any(ORDERS);
        if (order != null) {
            new ArrayList<>(source.rows(ORDER_ITEMS))
                    .stream()
                            .filter(item -> item.get("tenant_id").equals(order.get("tenant_id"))
                                    && item.get("order_id").equals(order.get("id")))
                            .forEach(item -> source.delete(ORDER_ITEMS, item));
            source.delete(ORDERS, order);
        }
    }

    private void tenantComesOrGoes() {
        Map<String, Object> fourth = source.rows(TENANTS).stream()
                .filter(tenant -> tenant.get("id").equals(4L))
                .findFirst()
                .orElse(null);
        if (fourth == null) {
            source.insert(TENANTS, tenant(4, pick(ZONES)));
        } else {
            source.delete(TENANTS, fourth);
        }
    }

    private void update(SourceTable table, Map<String, Object> changes) {
        Map<String, Object> row = any(table);
        if (row != null) {
            source.update(table, row, changes);
        }
    }

    private void delete(SourceTable table) {
        Map<String, Object> row = any(table);
        if (row != null) {
            source.delete(table, row);
        }
    }

    private Map<String, Object> any(SourceTable table) {
        List<Map<String, Object>> rows = new ArrayList<>(source.rows(table));
        return rows.isEmpty() ? null : rows.get(random.nextInt(rows.size()));
    }

    /** Within ten days, often close to midnight somewhere. */
    private Instant instant() {
        return FROM.plusSeconds(random.nextInt(10) * 86_400L + random.nextInt(48) * 1_800L + random.nextInt(2));
    }

    /** The same of one of four months, the first twice as often. */
    private Instant instantOfAnyMonth() {
        return instant().plusSeconds(Math.max(0, random.nextInt(5) - 1) * 30 * 86_400L);
    }

    private String pick(String... values) {
        return values[random.nextInt(values.length)];
    }
}
