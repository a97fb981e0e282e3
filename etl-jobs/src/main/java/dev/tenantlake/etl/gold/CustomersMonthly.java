package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link CustomersDaily} by month. */
final class CustomersMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "customers_monthly",
            List.of("tenant_id", "month", "acquired_via"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("acquired_via", "string"),
                    new Column("new_customers", "bigint"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    CustomersMonthly() {
        super(TABLE, new CustomersDaily());
    }
}
