package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.Spans;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The orders and items of a round, which the tables of sales are made of, and the days on which they lie otherwise than
 * before.
 */
final class Sales implements AutoCloseable {

    /** So many orders with ids next to each other are looked for as one: their items lie in the same files. */
    private static final long NEIGHBOURS = 512;

    private final GoldRound round;
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> orders = new ConcurrentHashMap<>();
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> revenueDays = new ConcurrentHashMap<>();
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> productDays = new ConcurrentHashMap<>();

    private TenantDays touched;

    Sales(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** An order that a change row names; it may be of a tenant that is gone, or gone itself. */
    private record OrderKey(long tenant, long id) {}

    /** The days whose orders, or their items, lie otherwise after the round's epochs than before. */
    synchronized TenantDays touched() {
        if (touched == null) {
            touched = find();
        }
        return touched;
    }

    /** The {@link DatedOrders} of some days, kept in memory for as long as the round lasts. */
    private Dataset<Row> orders(TenantDays wanted) {
        return orders.computeIfAbsent(
                wanted,
                days -> DatedOrders.of(round.silver(), days, round.zones()).persist());
    }

    /**
     * What was bought on some days, with the columns of {@link RevenueDaily} but the epoch; kept in memory for as long as
     * the round lasts.
     */
    Dataset<Row> revenueDays(TenantDays wanted) {
        return revenueDays.computeIfAbsent(wanted, days -> boughtOn(days).persist());
    }

    /**
     * What each product sold on some days, with the columns of {@link ProductDaily} but the epoch; kept in memory for as
     * long as the round lasts.
     */
    Dataset<Row> productDays(TenantDays wanted) {
        return productDays.computeIfAbsent(wanted, days -> soldOn(days).persist());
    }

    private Dataset<Row> boughtOn(TenantDays wanted) {
        return orders(wanted)
                .where(DatedOrders.COUNTED)
                .groupBy("tenant_id", "day", "currency")
                .agg(
                        expr("count(*) as orders"),
                        expr("cast(sum(total_amount) as decimal(18,2)) as revenue"),
                        expr("cast(sum(if(status = 'refunded', total_amount, 0)) as decimal(18,2)) as refunds"))
                // Decimals: the quotient has enough digits that rounding it once more changes nothing.
                .withColumn("average_order_value", expr("cast(round(revenue / orders, 2) as decimal(18,2))"))
                .withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }

    private Dataset<Row> soldOn(TenantDays wanted) {
        Dataset<Row> counted = orders(wanted)
                .where(DatedOrders.COUNTED)
                .selectExpr("tenant_id", "id as order_id", "day", "currency", "status <> 'refunded' as kept");
        return items(wanted)
                .select("tenant_id", "order_id", "product_id", "quantity", "unit_price", "discount_amount")
                .join(counted, new String[] {"tenant_id", "order_id"})
                // An order may have a product on several lines.
                .groupBy("tenant_id", "day", "product_id", "currency", "order_id", "kept")
                .agg(
                        expr("sum(quantity) as units"),
                        expr("sum(quantity * unit_price) as gross_amount"),
                        expr("sum(discount_amount) as discount_amount"))
                .groupBy("tenant_id", "day", "product_id", "currency")
                .agg(
                        expr("count(*) as orders"),
                        expr("sum(units) as units"),
                        expr("cast(sum(gross_amount) as decimal(18,2)) as gross_amount"),
                        expr("cast(sum(discount_amount) as decimal(18,2)) as discount_amount"),
                        expr("count_if(kept) as kept_orders"),
                        expr("sum(if(kept, units, 0)) as kept_units"),
                        expr("cast(sum(if(kept, gross_amount - discount_amount, 0)) as decimal(18,2)) as kept_revenue"))
                .withColumn("revenue", expr("cast(gross_amount - discount_amount as decimal(18,2))"))
                .withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }

    /**
     * At least all items of the orders of some days. An item may have been added in any month, so all of the tenant's
     * months are asked; but a file's footer says which orders it has items of at most, and most are then not read.
     */
    Dataset<Row> items(TenantDays wanted) {
        if (wanted.everything()) {
            return round.silver().all(ORDER_ITEMS);
        }
        Spans ids = new Spans("order_id");
        orders(wanted)
                .select(expr("id div " + NEIGHBOURS))
                .distinct()
                .collectAsList()
                .forEach(block -> ids.add(block.getLong(0) * NEIGHBOURS, (block.getLong(0) + 1) * NEIGHBOURS - 1));
        return round.silver().ofTenants(ORDER_ITEMS, wanted.tenants(), ids);
    }

    @Override
    public void close() {
        for (Map<TenantDays, Dataset<Row>> kept : List.of(orders, revenueDays, productDays)) {
            kept.values().forEach(Dataset::unpersist);
            kept.clear();
        }
    }

    private TenantDays find() {
        if (!round.touches(ORDERS, ORDER_ITEMS, TENANTS)) {
            return TenantDays.NONE;
        }
        if (round.isOverwhelmed(ORDERS, ORDER_ITEMS, TENANTS)) {
            return TenantDays.EVERYTHING;
        }
        Set<Long> whole = round.movedTenants();
        Map<Long, Set<LocalDate>> days = new HashMap<>();
        Set<OrderKey> dated = ordersWithRows(days);
        Set<OrderKey> ofItems = ordersOfItems();
        ofItems.removeAll(dated);
        ofItems.removeIf(order -> whole.contains(order.tenant()));
        lookUp(ofItems, days);
        return new TenantDays(false, whole, days);
    }

    /** Adds the days that orders' own change rows name, before-images among them, and says which orders those are. */
    private Set<OrderKey> ordersWithRows(Map<Long, Set<LocalDate>> days) {
        Set<OrderKey> keys = new HashSet<>();
        for (Row row : round.changes(ORDERS)) {
            Long tenant = row.getAs("tenant_id");
            Long id = row.getAs("id");
            Instant orderedAt = row.getAs("ordered_at");
            if (tenant != null && id != null && orderedAt != null) {
                keys.add(new OrderKey(tenant, id));
                add(days, tenant, orderedAt);
            }
        }
        return keys;
    }

    /** The orders that items' change rows name, and those that an updated item belonged to before. */
    private Set<OrderKey> ordersOfItems() {
        Set<OrderKey> keys = new HashSet<>();
        Set<String> partitions = new HashSet<>();
        Set<Long> updated = new HashSet<>();
        for (Row row : round.changes(ORDER_ITEMS)) {
            Long tenant = row.getAs("tenant_id");
            Long order = row.getAs("order_id");
            Long id = row.getAs("id");
            Instant createdAt = row.getAs("created_at");
            if (tenant != null && order != null && id != null && createdAt != null) {
                keys.add(new OrderKey(tenant, order));
                if (row.getAs(OP).equals("u")) {
                    updated.add(id);
                    partitions.add(SilverSnapshot.partition(tenant, LocalDay.utcMonth(createdAt), id));
                }
            }
        }
        if (!updated.isEmpty()) {
            Among.rows(round.before().read(ORDER_ITEMS, partitions, Spans.of("id", updated)), "id", updated)
                    .select("tenant_id", "order_id")
                    .collectAsList()
                    .forEach(row -> keys.add(new OrderKey(row.getLong(0), row.getLong(1))));
        }
        return keys;
    }

    /** Adds the days of orders that only their items' change rows name; one that is not in silver has none. */
    private void lookUp(Set<OrderKey> keys, Map<Long, Set<LocalDate>> days) {
        if (keys.isEmpty()) {
            return;
        }
        Set<Long> tenants = new HashSet<>();
        Set<Long> ids = new HashSet<>();
        keys.forEach(order -> {
            tenants.add(order.tenant());
            ids.add(order.id());
        });
        Among.rows(round.silver().ofTenants(ORDERS, tenants, Spans.of("id", ids)), "id", ids)
                .select("tenant_id", "ordered_at")
                .collectAsList()
                .forEach(row -> add(days, row.getLong(0), row.getInstant(1)));
    }

    private void add(Map<Long, Set<LocalDate>> days, long tenant, Instant instant) {
        String zone = round.zones().get(tenant);
        if (zone != null) {
            days.computeIfAbsent(tenant, first -> new HashSet<>()).add(LocalDay.of(instant, zone));
        }
    }
}
