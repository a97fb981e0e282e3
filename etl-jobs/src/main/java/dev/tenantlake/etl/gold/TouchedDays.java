package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.tenantlake.etl.bronze.BronzeReader;
import dev.tenantlake.etl.hudi.HudiFiles.Range;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds which days of which tenants the change rows of some epochs touch. */
final class TouchedDays {

    /** Of so many change rows it is quicker to compute everything anew than to look at each. */
    private static final long MANY = 200_000;

    private final HudiLake lake;
    private final BronzeReader bronze;

    TouchedDays(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
        this.bronze = new BronzeReader(lake);
    }

    /** An order that a change row names; it may be of a tenant that is gone, or gone itself. */
    private record OrderKey(long tenant, long id) {}

    /**
     * The days that lie otherwise after the epochs than before.
     *
     * @param from the epoch before them
     * @param epochs in order, without a gap
     * @param after silver as it holds the last of them
     * @param zones by tenant, the name of its time zone, by {@code after}
     */
    TenantDays of(long from, List<EpochManifest> epochs, SilverSnapshot after, Map<Long, String> zones) {
        List<TableSlice> slices = Stream.of(ORDERS, ORDER_ITEMS, TENANTS)
                .flatMap(table -> slices(table, epochs))
                .toList();
        if (slices.isEmpty()) {
            return new TenantDays(false, Set.of(), Map.of());
        }
        if (slices.stream().anyMatch(TableSlice::truncated)
                || slices.stream().mapToLong(TableSlice::rows).sum() > MANY) {
            return TenantDays.EVERYTHING;
        }
        SilverSnapshot before = new SilverSnapshot(lake, from);
        Set<Long> whole = slices(TENANTS, epochs).findAny().isPresent() ? moved(before.timeZones(), zones) : Set.of();
        Map<Long, Set<LocalDate>> days = new HashMap<>();
        Set<OrderKey> dated = ordersWithRows(epochs, zones, days);
        Set<OrderKey> ofItems = ordersOfItems(epochs, before);
        ofItems.removeAll(dated);
        ofItems.removeIf(order -> whole.contains(order.tenant()));
        lookUp(ofItems, after, zones, days);
        return new TenantDays(false, whole, days);
    }

    private static Stream<TableSlice> slices(SourceTable table, List<EpochManifest> epochs) {
        return epochs.stream().map(epoch -> epoch.tables().get(table.name())).filter(Objects::nonNull);
    }

    /** The tenants that came, went or changed their time zone. */
    private static Set<Long> moved(Map<Long, String> before, Map<Long, String> after) {
        Set<Long> tenants = new HashSet<>(before.keySet());
        tenants.addAll(after.keySet());
        tenants.removeIf(tenant -> Objects.equals(before.get(tenant), after.get(tenant)));
        return tenants;
    }

    /** Adds the days that orders' own change rows name, before-images among them, and says which orders those are. */
    private Set<OrderKey> ordersWithRows(
            List<EpochManifest> epochs, Map<Long, String> zones, Map<Long, Set<LocalDate>> days) {
        Set<OrderKey> orders = new HashSet<>();
        for (Row row : rows(ORDERS, epochs, "tenant_id", "id", "ordered_at")) {
            if (!row.anyNull()) {
                orders.add(new OrderKey(row.getLong(0), row.getLong(1)));
                add(days, row.getLong(0), row.getInstant(2), zones);
            }
        }
        return orders;
    }

    /** The orders that items' change rows name, and those that an updated item belonged to before. */
    private Set<OrderKey> ordersOfItems(List<EpochManifest> epochs, SilverSnapshot before) {
        Set<OrderKey> orders = new HashSet<>();
        Set<String> partitions = new HashSet<>();
        Set<Long> updated = new HashSet<>();
        for (Row row : rows(ORDER_ITEMS, epochs, "tenant_id", "order_id", "id", "created_at", OP)) {
            if (!row.anyNull()) {
                orders.add(new OrderKey(row.getLong(0), row.getLong(1)));
                if (row.getString(4).equals("u")) {
                    updated.add(row.getLong(2));
                    YearMonth month = YearMonth.from(row.getInstant(3).atOffset(ZoneOffset.UTC));
                    partitions.add(SilverSnapshot.partition(row.getLong(0), month));
                }
            }
        }
        if (!updated.isEmpty()) {
            withIds(before.read(ORDER_ITEMS, partitions, range(updated)), updated)
                    .select("tenant_id", "order_id")
                    .collectAsList()
                    .forEach(row -> orders.add(new OrderKey(row.getLong(0), row.getLong(1))));
        }
        return orders;
    }

    /** Adds the days of orders that only their items' change rows name; one that is not in silver has none. */
    private static void lookUp(
            Set<OrderKey> orders, SilverSnapshot silver, Map<Long, String> zones, Map<Long, Set<LocalDate>> days) {
        if (orders.isEmpty()) {
            return;
        }
        Set<Long> tenants = new HashSet<>();
        Set<Long> ids = new HashSet<>();
        orders.forEach(order -> {
            tenants.add(order.tenant());
            ids.add(order.id());
        });
        withIds(silver.ofTenants(ORDERS, tenants, range(ids)), ids)
                .select("tenant_id", "ordered_at")
                .collectAsList()
                .forEach(row -> add(days, row.getLong(0), row.getInstant(1), zones));
    }

    private List<Row> rows(SourceTable table, List<EpochManifest> epochs, String... columns) {
        if (slices(table, epochs).findAny().isEmpty()) {
            return List.of();
        }
        return bronze.read(table, epochs, present -> lit(null).cast("string"))
                .select(Stream.of(columns).map(name -> col(name)).toArray(Column[]::new))
                .collectAsList();
    }

    private static Range range(Collection<Long> ids) {
        return new Range("id", Collections.min(ids), Collections.max(ids));
    }

    private static Dataset<Row> withIds(Dataset<Row> rows, Collection<Long> ids) {
        return rows.where(col("id").isin(ids.toArray()));
    }

    private static void add(Map<Long, Set<LocalDate>> days, long tenant, Instant instant, Map<Long, String> zones) {
        String zone = zones.get(tenant);
        if (zone != null) {
            days.computeIfAbsent(tenant, first -> new HashSet<>()).add(DatedOrders.day(instant, zone));
        }
    }
}
