package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;

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
 * Sales of a tenant's products on a day, by currency: the items of the orders that count. The month is the day's, {@code
 * 2026-11}.
 */
final class ProductDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "product_daily",
            List.of("tenant_id", "day", "product_id", "currency"),
            List.of(TENANT_PARTITION, MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("product_id", "bigint"),
                    new Column("currency", "string"),
                    new Column("orders", "bigint"),
                    new Column("units", "bigint"),
                    new Column("gross_amount", "decimal(18,2)"),
                    new Column("discount_amount", "decimal(18,2)"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("kept_orders", "bigint"),
                    new Column("kept_units", "bigint"),
                    new Column("kept_revenue", "decimal(18,2)"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    ProductDaily() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        ORDERS,
                        Set.of("status", "currency", "ordered_at"),
                        ORDER_ITEMS,
                        Set.of("order_id", "product_id", "quantity", "unit_price", "discount_amount")));
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.sales().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.sales().productDays(wanted);
    }
}
