package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANTS;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was done in the visits that began on a tenant's day: sums over the visits, how many took which journey, and how
 * many pieces of which product were put into the carts of those that did not buy. The last two are lists within the day's
 * row, since as rows of their own they would be dozens for each day, with a key each. The month is the day's, {@code
 * 2026-11}.
 */
final class VisitsDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "visits_daily",
            List.of("tenant_id", "day"),
            // A tenant's month is some thirty rows: in files of their own they would be mostly footers.
            List.of(MONTH_PARTITION),
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
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    VisitsDaily() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        EVENTS,
                        Set.of("customer_id", "session_id", "event_type", "product_id", "properties", "occurred_at")));
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.visits().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.visits().days(wanted);
    }
}
