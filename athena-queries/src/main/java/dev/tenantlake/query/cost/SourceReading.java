package dev.tenantlake.query.cost;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.metric.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * What a metric's answer takes of the source's tables, whichever layer it is taken from. Statements that read just that
 * are cheaper than any that also answered the question, so what is held against them is held against the least.
 *
 * @param columns by table, its columns
 */
record SourceReading(Map<SourceTable, Set<String>> columns) {

    /** By table of gold, what it is computed of: see {@code dev.tenantlake.etl.gold}. */
    private static final Map<String, GoldTable> GOLD = Map.of(
            "gold.revenue_daily",
            GoldTable.of(Map.of(
                    SourceTable.ORDERS, List.of("status", "currency", "total_amount", "ordered_at"),
                    SourceTable.TENANTS, List.of("time_zone"))),
            "gold.product_daily",
            GoldTable.of(Map.of(
                    SourceTable.ORDER_ITEMS,
                            List.of("order_id", "product_id", "quantity", "unit_price", "discount_amount"),
                    SourceTable.ORDERS, List.of("status", "currency", "ordered_at"),
                    SourceTable.TENANTS, List.of("time_zone"))),
            "gold.visits_daily",
            new GoldTable(
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
                            "abandoned_products", ofEvents("event_type", "product_id", "properties"))));

    /**
     * What a table of gold is computed of.
     *
     * @param always whatever of it is read
     * @param columns by those of its columns that take more, what
     */
    private record GoldTable(
            Map<SourceTable, List<String>> always, Map<String, Map<SourceTable, List<String>>> columns) {

        static GoldTable of(Map<SourceTable, List<String>> always) {
            return new GoldTable(always, Map.of());
        }

        /** What it takes to know some of its columns. */
        void take(Set<String> read, BiConsumer<SourceTable, List<String>> taker) {
            always.forEach(taker);
            columns.forEach((column, more) -> {
                if (read.contains(column)) {
                    more.forEach(taker);
                }
            });
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
                GOLD.get(name).take(words, (table, some) -> of(columns, table).addAll(some));
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
