package dev.tenantlake.query.cost;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.metric.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a metric's answer takes of the source's tables, whichever layer it is taken from. Statements that read just that
 * are cheaper than any that also answered the question, so what is held against them is held against the least.
 *
 * @param columns by table, its columns
 */
record SourceReading(Map<SourceTable, Set<String>> columns) {

    private static final GoldTable SALES = new GoldTable(
            Map.of(
                    SourceTable.ORDERS, List.of("status", "ordered_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of(
                    "currency", Map.of(SourceTable.ORDERS, List.of("currency")),
                    "revenue", Map.of(SourceTable.ORDERS, List.of("total_amount")),
                    "refunds", Map.of(SourceTable.ORDERS, List.of("total_amount")),
                    "average_order_value", Map.of(SourceTable.ORDERS, List.of("total_amount"))));

    private static final Map<SourceTable, List<String>> PIECES = Map.of(SourceTable.ORDER_ITEMS, List.of("quantity"));
    private static final Map<SourceTable, List<String>> PAID =
            Map.of(SourceTable.ORDER_ITEMS, List.of("quantity", "unit_price", "discount_amount"));

    private static final GoldTable PRODUCT_SALES = new GoldTable(
            Map.of(
                    SourceTable.ORDER_ITEMS, List.of("order_id", "product_id"),
                    SourceTable.ORDERS, List.of("status", "ordered_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of(
                    "currency", Map.of(SourceTable.ORDERS, List.of("currency")),
                    "units", PIECES,
                    "kept_units", PIECES,
                    "gross_amount", Map.of(SourceTable.ORDER_ITEMS, List.of("quantity", "unit_price")),
                    "discount_amount", Map.of(SourceTable.ORDER_ITEMS, List.of("discount_amount")),
                    "revenue", PAID,
                    "kept_revenue", PAID));

    private static final GoldTable CATEGORY_SALES = new GoldTable(
            Map.of(
                    SourceTable.ORDER_ITEMS, List.of("order_id", "product_id"),
                    SourceTable.ORDERS, List.of("status", "ordered_at"),
                    SourceTable.PRODUCTS, List.of("category"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of(
                    "currency", Map.of(SourceTable.ORDERS, List.of("currency")),
                    "units", PIECES,
                    "kept_units", PIECES,
                    "revenue", PAID,
                    "kept_revenue", PAID,
                    "kept_cost",
                            Map.of(
                                    SourceTable.ORDER_ITEMS, List.of("quantity"),
                                    SourceTable.PRODUCTS, List.of("unit_cost"))));

    private static final GoldTable ACCOUNTS = new GoldTable(
            Map.of(
                    SourceTable.CUSTOMERS, List.of("created_at", "acquired_via"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of());

    private static final GoldTable BUYERS = new GoldTable(
            Map.of(
                    SourceTable.ORDERS, List.of("customer_id", "status", "ordered_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of(
                    "currency", Map.of(SourceTable.ORDERS, List.of("currency")),
                    "revenue", Map.of(SourceTable.ORDERS, List.of("total_amount"))));

    private static final GoldTable RECURRING = new GoldTable(
            Map.of(
                    SourceTable.INVOICES, List.of("customer_id", "subscription_id", "status", "amount", "issued_at"),
                    SourceTable.SUBSCRIPTIONS, List.of("customer_id", "status", "monthly_amount", "cancelled_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of());

    private static final GoldTable LIFETIMES = new GoldTable(
            Map.of(
                    SourceTable.CUSTOMERS, List.of("created_at", "acquired_via"),
                    SourceTable.TENANTS, List.of("time_zone", "currency"),
                    SourceTable.ORDERS, List.of("customer_id", "status", "currency", "total_amount", "ordered_at"),
                    SourceTable.INVOICES, List.of("customer_id", "subscription_id", "status", "amount", "paid_at")),
            Map.of());

    private static final GoldTable CONTRACTS = new GoldTable(
            Map.of(
                    SourceTable.SUBSCRIPTIONS, List.of("started_at", "cancelled_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of("cancelled_monthly_amount", Map.of(SourceTable.SUBSCRIPTIONS, List.of("monthly_amount"))));

    private static final GoldTable PLANS = new GoldTable(
            Map.of(SourceTable.SUBSCRIPTIONS, List.of("plan", "status")),
            Map.of("mrr", Map.of(SourceTable.SUBSCRIPTIONS, List.of("monthly_amount"))));

    private static final GoldTable VISITS = new GoldTable(
            Map.of(
                    SourceTable.EVENTS, List.of("session_id", "occurred_at"),
                    SourceTable.TENANTS, List.of("time_zone")),
            Map.of(
                    "known_visits", ofEvents("customer_id"),
                    "product_view_events", ofEvents("event_type"),
                    "viewing_visits", ofEvents("event_type"),
                    "cart_visits", ofEvents("event_type"),
                    "checkout_visits", ofEvents("event_type"),
                    "purchase_visits", ofEvents("event_type"),
                    "journeys", ofEvents("event_type"),
                    "abandoned_products", ofEvents("event_type", "product_id", "properties")));

    /** By table of gold, what it is computed of: see {@code dev.tenantlake.etl.gold}. */
    private static final Map<String, GoldTable> GOLD = Map.ofEntries(
            Map.entry("gold.revenue_daily", SALES),
            Map.entry("gold.revenue_monthly", SALES),
            Map.entry("gold.product_daily", PRODUCT_SALES),
            Map.entry("gold.product_monthly", PRODUCT_SALES),
            Map.entry("gold.category_daily", CATEGORY_SALES),
            Map.entry("gold.category_monthly", CATEGORY_SALES),
            Map.entry("gold.customers_daily", ACCOUNTS),
            Map.entry("gold.customers_monthly", ACCOUNTS),
            Map.entry("gold.cohorts_monthly", BUYERS),
            Map.entry("gold.retention_periods", BUYERS),
            Map.entry("gold.lifetime_daily", LIFETIMES),
            Map.entry("gold.lifetime_monthly", LIFETIMES),
            Map.entry("gold.recurring_monthly", RECURRING),
            Map.entry("gold.subscriptions_monthly", CONTRACTS),
            Map.entry("gold.subscription_plans", PLANS),
            Map.entry("gold.visits_daily", VISITS),
            Map.entry("gold.visits_monthly", VISITS));

    /**
     * What a table of gold is computed of.
     *
     * @param every by source table, what each figure takes, keys aside
     * @param columns by column of gold, what that takes besides
     */
    private record GoldTable(
            Map<SourceTable, List<String>> every, Map<String, Map<SourceTable, List<String>>> columns) {

        Stream<Map.Entry<SourceTable, List<String>>> reads(Set<String> words) {
            return Stream.concat(
                            Stream.of(every), words.stream().map(columns::get).filter(Objects::nonNull))
                    .flatMap(some -> some.entrySet().stream());
        }
    }

    private static Map<SourceTable, List<String>> ofEvents(String... columns) {
        return Map.of(SourceTable.EVENTS, List.of(columns));
    }

    /** Without these a row of bronze cannot be told from an older or a deleted one of the same key. */
    private static final List<String> ORDER_OF_CHANGES =
            List.of(BronzeColumns.OP, BronzeColumns.EPOCH, BronzeColumns.ORDINAL);

    SourceReading {
        columns = Map.copyOf(columns);
    }

    /** What the metric takes. */
    static SourceReading of(Metric metric) {
        Map<SourceTable, Set<String>> columns = new LinkedHashMap<>();
        ColumnUse.of(metric.sql()).forEach((name, words) -> {
            if (GOLD.containsKey(name)) {
                GOLD.get(name)
                        .reads(words)
                        .forEach(some -> of(columns, some.getKey()).addAll(some.getValue()));
                return;
            }
            SourceTable table = SourceTable.named(name.substring(name.indexOf('.') + 1))
                    .orElseThrow(() -> new IllegalStateException(
                            metric.name() + " reads " + name + ", and nothing says what that is made of"));
            for (SourceColumn column : table.columns()) {
                if (words.contains(column.name())) {
                    of(columns, table).add(column.name());
                }
            }
            if (words.contains(SourceTable.MONTH_PARTITION)) {
                table.monthColumn().ifPresent(of(columns, table)::add);
            }
        });
        columns.forEach((table, some) -> some.addAll(table.primaryKey()));
        return new SourceReading(columns);
    }

    /**
     * A statement that reads it, all versions of every row, from bronze.
     *
     * @param tenant whose rows alone are wanted; bronze is not partitioned by tenant
     */
    String fromBronze(Optional<Long> tenant) {
        return statement(Layer.BRONZE, ORDER_OF_CHANGES, tenant);
    }

    /** A statement that reads it from silver, as far as the one who asks may see. */
    String fromSilver() {
        return statement(Layer.SILVER, List.of(), Optional.empty());
    }

    private String statement(Layer layer, List<String> besides, Optional<Long> tenant) {
        return columns.keySet().stream()
                .sorted((left, right) -> left.name().compareTo(right.name()))
                .map(table -> {
                    Set<String> read = new TreeSet<>(columns.get(table));
                    read.addAll(besides);
                    return "(SELECT "
                            + read.stream()
                                    .map(column -> "count(" + column + ")")
                                    .collect(Collectors.joining(" + "))
                            + " FROM " + layer.database() + "." + table.name()
                            + tenant.map(id -> " WHERE " + table.tenantColumn() + " = " + id)
                                    .orElse("")
                            + ")";
                })
                .collect(Collectors.joining(",\n    ", "SELECT\n    ", ""));
    }

    private static Set<String> of(Map<SourceTable, Set<String>> columns, SourceTable table) {
        return columns.computeIfAbsent(table, key -> new TreeSet<>());
    }
}
