package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link ProductDaily} by month. An order lies in one day, so that orders add up as amounts do. */
final class ProductMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "product_monthly",
            List.of("tenant_id", "month", "product_id", "currency"),
            // A tenant's months are few rows: in files of their own they would be mostly footers.
            List.of(TENANT_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
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
                    new Column(BronzeColumns.EPOCH, "bigint")));

    ProductMonthly() {
        super(TABLE, new ProductDaily());
    }
}
