package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.apache.spark.sql.functions.expr;

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
 * How many accounts of customers, of those that are there now, were made on a tenant's day, by the channel that brought
 * them. The month is the day's, {@code 2026-11}.
 */
final class CustomersDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "customers_daily",
            List.of("tenant_id", "day", "acquired_via"),
            // A tenant's month is a hundred rows: in files of their own they would be mostly footers.
            List.of(MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("acquired_via", "string"),
                    new Column("new_customers", "bigint"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    CustomersDaily() {
        super(TABLE, Map.of(TENANTS, Set.of("time_zone"), CUSTOMERS, Set.of("acquired_via", "created_at")));
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.customers().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.customers().days(wanted).withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }
}
