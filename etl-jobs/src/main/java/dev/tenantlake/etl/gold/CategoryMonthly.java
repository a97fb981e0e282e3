package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link CategoryDaily} by month. */
final class CategoryMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "category_monthly",
            List.of("tenant_id", "month", "category", "currency"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("category", "string"),
                    new Column("currency", "string"),
                    new Column("units", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("kept_units", "bigint"),
                    new Column("kept_revenue", "decimal(18,2)"),
                    new Column("kept_cost", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    CategoryMonthly() {
        super(TABLE, new CategoryDaily());
    }
}
