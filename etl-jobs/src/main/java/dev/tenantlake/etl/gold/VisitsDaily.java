package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was done in the visits that began on a tenant's day: sums over the visits, how many took which journey, and how
 * many pieces of which product were put into the carts of those that did not buy. The last two are lists within the day's
 * row, since as rows of their own they would be dozens for each day, with a key each.
 */
final class VisitsDaily implements GoldSubject<TenantDays> {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "visits_daily",
            List.of("tenant_id", "day"),
            List.of(TENANT_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("visits", "bigint"),
                    new Column("known_visits", "bigint"),
                    new Column("bounces", "bigint"),
                    new Column("events", "bigint"),
                    new Column("product_view_events", "bigint"),
                    new Column("seconds", "bigint"),
                    new Column("viewing_visits", "bigint"),
                    new Column("cart_visits", "bigint"),
                    new Column("checkout_visits", "bigint"),
                    new Column("purchase_visits", "bigint"),
                    new Column("journeys", "array<struct<journey:string,visits:bigint>>"),
                    new Column("abandoned_products", "array<struct<product_id:bigint,units:bigint>>"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    @Override
    public HudiTable table() {
        return TABLE;
    }

    @Override
    public Map<SourceTable, Set<String>> columns() {
        return Map.of(
                TENANTS,
                Set.of("time_zone"),
                EVENTS,
                Set.of("customer_id", "session_id", "event_type", "product_id", "properties", "occurred_at"));
    }

    @Override
    public TenantDays everything() {
        return TenantDays.EVERYTHING;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.visits().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        Dataset<Row> visits = round.visits().of(wanted);
        return byDay(visits)
                .join(abandoned(visits), new String[] {"tenant_id", "day"}, "left")
                .withColumn("abandoned_products", expr("coalesce(abandoned_products, array())"));
    }

    /** All but what was left in carts; computed by journey first, which leaves few rows with the sums of each. */
    private static Dataset<Row> byDay(Dataset<Row> visits) {
        return visits.groupBy("tenant_id", "day", "journey")
                .agg(
                        expr("count(*) as visits"),
                        expr("count_if(known) as known_visits"),
                        expr("count_if(events = 1) as bounces"),
                        expr("sum(events) as events"),
                        expr("sum(product_view_events) as product_view_events"),
                        expr("sum(seconds) as seconds"),
                        expr("count_if(furthest_step >= 1) as viewing_visits"),
                        expr("count_if(furthest_step >= 2) as cart_visits"),
                        expr("count_if(furthest_step >= 3) as checkout_visits"),
                        expr("count_if(furthest_step >= 4) as purchase_visits"))
                .groupBy("tenant_id", "day")
                .agg(
                        expr("sum(visits) as visits"),
                        expr("sum(known_visits) as known_visits"),
                        expr("sum(bounces) as bounces"),
                        expr("sum(events) as events"),
                        expr("sum(product_view_events) as product_view_events"),
                        expr("sum(seconds) as seconds"),
                        expr("sum(viewing_visits) as viewing_visits"),
                        expr("sum(cart_visits) as cart_visits"),
                        expr("sum(checkout_visits) as checkout_visits"),
                        expr("sum(purchase_visits) as purchase_visits"),
                        expr("array_sort(collect_list(struct(journey, visits))) as journeys"));
    }

    private static Dataset<Row> abandoned(Dataset<Row> visits) {
        return visits.where("furthest_step < 4")
                .selectExpr("tenant_id", "day", "inline(added)")
                .groupBy("tenant_id", "day", "product_id")
                .agg(expr("sum(units) as units"))
                .groupBy("tenant_id", "day")
                .agg(expr("array_sort(collect_list(struct(product_id, units))) as abandoned_products"));
    }
}
