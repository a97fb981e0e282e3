package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
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
 * How many of a tenant's subscriptions started in a month and how many were cancelled, by its clock. A month is named by its
 * first day; one in which nothing happened has no row. One that was cancelled in a month before it started never was.
 */
final class SubscriptionsMonthly extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "subscriptions_monthly",
            List.of("tenant_id", "month"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("started_subscriptions", "bigint"),
                    new Column("cancelled_subscriptions", "bigint"),
                    new Column("churned_subscriptions", "bigint"),
                    new Column("cancelled_monthly_amount", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    SubscriptionsMonthly() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        SUBSCRIPTIONS,
                        Set.of("monthly_amount", "started_at", "cancelled_at")));
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.changedTenants(SUBSCRIPTIONS);
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        Dataset<Row> started = LocalDay.dated(round.silver().of(SUBSCRIPTIONS, wanted), "started_at", round.zones())
                .withColumn("start_month", expr("to_date(trunc(day, 'MM'))"))
                .drop("day");
        return LocalDay.dated(started, "cancelled_at", round.zones())
                .withColumn("end_month", expr("to_date(trunc(day, 'MM'))"))
                .where("end_month is null or end_month >= start_month")
                .selectExpr(
                        "tenant_id",
                        "inline(array("
                                + "struct(start_month as month, 1 as started, 0 as cancelled, 0 as churned,"
                                + " cast(0 as decimal(12,2)) as amount),"
                                + "struct(end_month as month, 0 as started, 1 as cancelled,"
                                + " if(start_month < end_month, 1, 0) as churned, monthly_amount as amount)))")
                .where("month is not null")
                .groupBy("tenant_id", "month")
                .agg(
                        expr("sum(started) as started_subscriptions"),
                        expr("sum(cancelled) as cancelled_subscriptions"),
                        expr("sum(churned) as churned_subscriptions"),
                        expr("cast(sum(amount) as decimal(18,2)) as cancelled_monthly_amount"));
    }
}
