package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.Spans;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the categories of a round sold, which is {@code product_daily} with what its products are now. A product that goes
 * to another category takes its sales of all times along, and a new cost values them anew: then all of its tenant's days
 * are touched. Those who ask trail, and so {@code product_daily} holds the round's last epoch already.
 */
final class Categories implements AutoCloseable {

    private final GoldRound round;
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> days = new ConcurrentHashMap<>();

    private TenantDays touched;

    Categories(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** What the figures take of a product. */
    private record Product(long tenant, long id, Object category, Object unitCost) {}

    /** The days on which products sold otherwise than before, and all days of the tenants with other products. */
    synchronized TenantDays touched() {
        if (touched == null) {
            touched = find();
        }
        return touched;
    }

    private TenantDays find() {
        TenantDays sold = round.sales().touched();
        if (sold.everything() || round.isOverwhelmed(PRODUCTS)) {
            return TenantDays.EVERYTHING;
        }
        Set<Long> whole = new HashSet<>(sold.whole());
        whole.addAll(tenantsWithOtherProducts());
        return new TenantDays(false, whole, sold.days());
    }

    /** Most of what a product goes through is its stock, which changes nothing here. */
    private Set<Long> tenantsWithOtherProducts() {
        Map<Long, Set<Long>> changed = new HashMap<>();
        for (Row row : round.changes(PRODUCTS)) {
            Long tenant = row.getAs("tenant_id");
            Long id = row.getAs("id");
            if (tenant != null && id != null) {
                changed.computeIfAbsent(tenant, first -> new HashSet<>()).add(id);
            }
        }
        if (changed.isEmpty()) {
            return Set.of();
        }
        Set<Product> before = products(round.before(), changed);
        Set<Product> after = products(round.silver(), changed);
        Set<Long> tenants = new HashSet<>();
        for (Set<Product> some : List.of(before, after)) {
            some.stream()
                    .filter(product -> !before.contains(product) || !after.contains(product))
                    .forEach(product -> tenants.add(product.tenant()));
        }
        return tenants;
    }

    private static Set<Product> products(SilverSnapshot silver, Map<Long, Set<Long>> wanted) {
        Set<Long> ids = wanted.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        return silver
                .ofTenants(PRODUCTS, wanted.keySet(), Spans.of("id", ids))
                .select("tenant_id", "id", "category", "unit_cost")
                .collectAsList()
                .stream()
                .map(row -> new Product(row.getLong(0), row.getLong(1), row.get(2), row.get(3)))
                .filter(product -> wanted.get(product.tenant()).contains(product.id()))
                .collect(Collectors.toSet());
    }

    /**
     * What each category sold on some days, with the columns of {@link CategoryDaily} but the epoch; kept in memory for as
     * long as the round lasts.
     */
    Dataset<Row> days(TenantDays wanted) {
        return days.computeIfAbsent(wanted, some -> soldOn(some).persist());
    }

    private Dataset<Row> soldOn(TenantDays wanted) {
        Dataset<Row> sold = wanted.of(round.gold(
                ProductDaily.TABLE, wanted.everything() ? List.of("") : wanted.partitions(ProductDaily.TABLE)));
        return sold.join(
                        round.silver()
                                .of(PRODUCTS, wanted)
                                .selectExpr("tenant_id", "id as product_id", "category", "unit_cost"),
                        new String[] {"tenant_id", "product_id"},
                        "left")
                .groupBy("tenant_id", "day", "category", "currency")
                .agg(
                        expr("sum(units) as units"),
                        expr("cast(sum(revenue) as decimal(18,2)) as revenue"),
                        expr("sum(kept_units) as kept_units"),
                        expr("cast(sum(kept_revenue) as decimal(18,2)) as kept_revenue"),
                        expr("cast(sum(kept_units * unit_cost) as decimal(18,2)) as kept_cost"))
                .withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }

    @Override
    public void close() {
        days.values().forEach(Dataset::unpersist);
        days.clear();
    }
}
