package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDERS;
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
 * What the customers whose first order that counts was in one month bought in another, by currency. A month is named by
 * its first day; one in which none of them bought has no row.
 */
final class CohortsMonthly extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "cohorts_monthly",
            List.of("tenant_id", "currency", "cohort_month", "month"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("currency", "string"),
                    new Column("cohort_month", "date"),
                    new Column("month", "date"),
                    new Column("active_customers", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    CohortsMonthly() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        ORDERS,
                        Set.of("customer_id", "status", "currency", "total_amount", "ordered_at")));
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.buyers().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.buyers()
                .months(wanted)
                .withColumn("cohort_month", expr("min(month) over (partition by tenant_id, currency, customer_id)"))
                .groupBy("tenant_id", "currency", "cohort_month", "month")
                .agg(expr("count(*) as active_customers"), expr("cast(sum(revenue) as decimal(18,2)) as revenue"));
    }
}
