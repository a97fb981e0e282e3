package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link LifetimeDaily} by month. */
final class LifetimeMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "lifetime_monthly",
            List.of("tenant_id", "grouped_by", "customer_group", "currency", "month"),
            // Who asks, asks by one of them.
            List.of("grouped_by"),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("customer_group", "string"),
                    new Column("currency", "string"),
                    new Column("month", "date"),
                    new Column("new_customers", "bigint"),
                    new Column("new_buyers", "bigint"),
                    new Column("orders", "bigint"),
                    new Column("order_revenue", "decimal(18,2)"),
                    new Column("subscription_revenue", "decimal(18,2)"),
                    new Column("grouped_by", "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    LifetimeMonthly() {
        super(TABLE, new LifetimeDaily());
    }
}
