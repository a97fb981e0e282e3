package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link RevenueDaily} by month. */
final class RevenueMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "revenue_monthly",
            List.of("tenant_id", "month", "currency"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("currency", "string"),
                    new Column("orders", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("refunds", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    RevenueMonthly() {
        super(TABLE, new RevenueDaily());
    }
}
