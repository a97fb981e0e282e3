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
 * How many customers had an order that counts in a month, quarter or year of a tenant, and when they had the one before.
 * Customers of months do not add up to those of a quarter: so each kind of period has rows of its own. A period is named
 * by its first day; one in which nobody bought has no row.
 */
final class RetentionPeriods extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "retention_periods",
            List.of("tenant_id", "period", "period_start"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("period", "string"),
                    new Column("period_start", "date"),
                    new Column("active_customers", "bigint"),
                    new Column("new_customers", "bigint"),
                    new Column("retained_customers", "bigint"),
                    new Column("returned_customers", "bigint"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    RetentionPeriods() {
        super(TABLE, Map.of(TENANTS, Set.of("time_zone"), ORDERS, Set.of("customer_id", "status", "ordered_at")));
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
                .withColumn("period", expr("explode(array('month', 'quarter', 'year'))"))
                .selectExpr("tenant_id", "customer_id", "period", "trunc(month, period) as period_start")
                .distinct()
                .selectExpr(
                        "*",
                        "lag(period_start) over (partition by tenant_id, customer_id, period order by period_start)"
                                + " as last_time",
                        "add_months(period_start, case period when 'month' then -1 when 'quarter' then -3 else -12 end)"
                                + " as previous_start")
                .groupBy("tenant_id", "period", "period_start")
                .agg(
                        expr("count(*) as active_customers"),
                        expr("count_if(last_time is null) as new_customers"),
                        expr("count_if(last_time = previous_start) as retained_customers"),
                        expr("count_if(last_time < previous_start) as returned_customers"));
    }
}
