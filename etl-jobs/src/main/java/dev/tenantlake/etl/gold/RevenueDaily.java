package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.ORDERS;
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
 * Orders, revenue and refunds of a tenant's day, by currency. Pending and cancelled orders count for nothing. The month is
 * the day's, {@code 2026-11}.
 */
final class RevenueDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "revenue_daily",
            List.of("tenant_id", "day", "currency"),
            // A tenant's month is a few dozen rows: in files of their own they would be mostly footers.
            List.of(MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("currency", "string"),
                    new Column("orders", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("refunds", "decimal(18,2)"),
                    new Column("average_order_value", "decimal(18,2)"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    RevenueDaily() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        ORDERS,
                        Set.of("status", "currency", "total_amount", "ordered_at")));
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.sales().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.sales().revenueDays(wanted);
    }
}
