package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.INVOICES;
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
 * The recurring revenue of a tenant's months, and by what it changed from the month before. What it was in a month that is
 * over is what was billed; in the running month it is what is agreed now. Which month runs is a matter of the clock of who
 * asks, and not of any epoch: so a month has a row for being over, and one ({@code is_running}) for what it would be if it
 * were the one that runs now. Of months without one of these, the row of the month before holds; before the first bill, that
 * of 1970-01-01, where every subscriber is new.
 *
 * <p>A new, cancelled or changed subscription, and each bill, touches its tenant: what a month's customers are depends on all
 * their months before.
 */
final class RecurringMonthly extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "recurring_monthly",
            List.of("tenant_id", "month", "is_running"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("is_running", "boolean"),
                    new Column("customers", "bigint"),
                    new Column("new_customers", "bigint"),
                    new Column("churned_customers", "bigint"),
                    new Column("mrr", "decimal(18,2)"),
                    new Column("new_mrr", "decimal(18,2)"),
                    new Column("reactivation_mrr", "decimal(18,2)"),
                    new Column("expansion_mrr", "decimal(18,2)"),
                    new Column("contraction_mrr", "decimal(18,2)"),
                    new Column("churned_mrr", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    /** Before any bill. */
    private static final String BEFORE_ALL = "date '1970-01-01'";

    RecurringMonthly() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone"),
                        SUBSCRIPTIONS,
                        Set.of("customer_id", "status", "monthly_amount", "cancelled_at"),
                        INVOICES,
                        Set.of("customer_id", "subscription_id", "status", "amount", "issued_at")));
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.changedTenants(SUBSCRIPTIONS, INVOICES);
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        Dataset<Row> subscriptions =
                LocalDay.dated(round.silver().of(SUBSCRIPTIONS, wanted), "cancelled_at", round.zones());
        Dataset<Row> billed = billed(round, wanted, subscriptions).persist();
        try {
            Dataset<Row> agreed = subscriptions
                    .where("status = 'active' and monthly_amount > 0")
                    .groupBy("tenant_id", "customer_id")
                    .agg(expr("sum(monthly_amount) as agreed"));
            Dataset<Row> months = over(billed).unionByName(running(billed, agreed));
            // They are few; what they are made of, which is much, is let go of.
            return months.sparkSession().createDataFrame(months.collectAsList(), months.schema());
        } finally {
            billed.unpersist();
        }
    }

    /**
     * What a customer was billed for in a month that recurs: {@code tenant_id}, {@code customer_id}, {@code month}, {@code
     * mrr}. It is the month's last bill, and nothing if the subscription was cancelled by the end of the month.
     *
     * @param subscriptions with the day on which they were cancelled
     */
    private static Dataset<Row> billed(GoldRound round, TenantDays wanted, Dataset<Row> subscriptions) {
        return LocalDay.dated(
                        round.silver().of(INVOICES, wanted).where("subscription_id is not null and status <> 'void'"),
                        "issued_at",
                        round.zones())
                .selectExpr(
                        "tenant_id",
                        "customer_id",
                        "subscription_id",
                        "id",
                        "issued_at",
                        "amount",
                        "to_date(trunc(day, 'MM')) as month")
                .join(
                        subscriptions.selectExpr(
                                "tenant_id", "id as subscription_id", "to_date(trunc(day, 'MM')) as end_month"),
                        new String[] {"tenant_id", "subscription_id"})
                .where("end_month is null or end_month > month")
                .withColumn(
                        "place",
                        expr("row_number() over (partition by tenant_id, customer_id, month"
                                + " order by issued_at desc, id desc)"))
                .where("place = 1 and amount > 0")
                .selectExpr("tenant_id", "customer_id", "month", "amount as mrr");
    }

    /** Each month as it is when it is over: its customers, and those who were there in the month before and are not now. */
    private static Dataset<Row> over(Dataset<Row> billed) {
        String ofCustomer = " over (partition by tenant_id, customer_id order by month)";
        Dataset<Row> neighbours = billed.selectExpr(
                "*",
                "lag(month)" + ofCustomer + " as last_month",
                "lag(mrr)" + ofCustomer + " as last_mrr",
                "lead(month)" + ofCustomer + " as next_month",
                "add_months(month, -1) as month_before",
                "add_months(month, 1) as month_after");
        Dataset<Row> there = neighbours.selectExpr(
                "tenant_id",
                "month",
                "1 as customers",
                "if(last_month is null, 1, 0) as new_customers",
                "0 as churned_customers",
                "mrr",
                "if(last_month is null, mrr, 0) as new_mrr",
                "if(last_month < month_before, mrr, 0) as reactivation_mrr",
                "if(last_month = month_before, greatest(mrr - last_mrr, 0), 0) as expansion_mrr",
                "if(last_month = month_before, greatest(last_mrr - mrr, 0), 0) as contraction_mrr",
                "0 as churned_mrr");
        Dataset<Row> gone = neighbours
                .where("next_month is null or next_month > month_after")
                .selectExpr(
                        "tenant_id",
                        "month_after as month",
                        "0 as customers",
                        "0 as new_customers",
                        "1 as churned_customers",
                        "0 as mrr",
                        "0 as new_mrr",
                        "0 as reactivation_mrr",
                        "0 as expansion_mrr",
                        "0 as contraction_mrr",
                        "mrr as churned_mrr");
        return figures(
                there.unionByName(gone)
                        .groupBy("tenant_id", "month")
                        .agg(
                                expr("sum(customers) as customers"),
                                expr("sum(new_customers) as new_customers"),
                                expr("sum(churned_customers) as churned_customers"),
                                expr("sum(mrr) as mrr"),
                                expr("sum(new_mrr) as new_mrr"),
                                expr("sum(reactivation_mrr) as reactivation_mrr"),
                                expr("sum(expansion_mrr) as expansion_mrr"),
                                expr("sum(contraction_mrr) as contraction_mrr"),
                                expr("sum(churned_mrr) as churned_mrr")),
                false);
    }

    /**
     * Each month as it is while it runs: those with whom something is agreed now, and those who were billed in the month
     * before with whom it is not. Of the former it takes sums alone: all of them, those who had been billed before the month,
     * and those who were billed in the month before.
     *
     * @param agreed {@code tenant_id}, {@code customer_id}, {@code agreed}
     */
    private static Dataset<Row> running(Dataset<Row> billed, Dataset<Row> agreed) {
        Dataset<Row> both = billed.join(agreed, new String[] {"tenant_id", "customer_id"}, "left");
        Dataset<Row> monthBefore = both.selectExpr(
                "tenant_id",
                "add_months(month, 1) as month",
                "0 as known_customers",
                "0 as known_mrr",
                "if(agreed is null, 1, 0) as churned_customers",
                "coalesce(agreed, 0) as kept_mrr",
                "coalesce(greatest(agreed - mrr, 0), 0) as expansion_mrr",
                "coalesce(greatest(mrr - agreed, 0), 0) as contraction_mrr",
                "if(agreed is null, mrr, 0) as churned_mrr");
        Dataset<Row> known = both.where("agreed is not null")
                .groupBy("tenant_id", "customer_id")
                .agg(expr("min(month) as first_month"), expr("min(agreed) as agreed"))
                .selectExpr(
                        "tenant_id",
                        "add_months(first_month, 1) as month",
                        "1 as known_customers",
                        "agreed as known_mrr",
                        "0 as churned_customers",
                        "0 as kept_mrr",
                        "0 as expansion_mrr",
                        "0 as contraction_mrr",
                        "0 as churned_mrr");
        Dataset<Row> months = billed.selectExpr("tenant_id", "month")
                .distinct()
                .selectExpr("tenant_id", "explode(array(month, add_months(month, 1), add_months(month, 2))) as month")
                .unionByName(agreed.selectExpr("tenant_id", BEFORE_ALL + " as month"))
                .selectExpr(
                        "tenant_id",
                        "month",
                        "0 as known_customers",
                        "0 as known_mrr",
                        "0 as churned_customers",
                        "0 as kept_mrr",
                        "0 as expansion_mrr",
                        "0 as contraction_mrr",
                        "0 as churned_mrr");
        String untilNow = " over (partition by tenant_id order by month)";
        Dataset<Row> sums = months.unionByName(monthBefore)
                .unionByName(known)
                .groupBy("tenant_id", "month")
                .agg(
                        expr("sum(known_customers) as known_customers"),
                        expr("sum(known_mrr) as known_mrr"),
                        expr("sum(churned_customers) as churned_customers"),
                        expr("sum(kept_mrr) as kept_mrr"),
                        expr("sum(expansion_mrr) as expansion_mrr"),
                        expr("sum(contraction_mrr) as contraction_mrr"),
                        expr("sum(churned_mrr) as churned_mrr"))
                .withColumn("known_customers", expr("sum(known_customers)" + untilNow))
                .withColumn("known_mrr", expr("sum(known_mrr)" + untilNow));
        Dataset<Row> totals =
                agreed.groupBy("tenant_id").agg(expr("count(*) as all_customers"), expr("sum(agreed) as all_mrr"));
        return figures(
                sums.join(totals, new String[] {"tenant_id"}, "left")
                        .selectExpr(
                                "*",
                                "coalesce(all_customers, 0) as customers",
                                "coalesce(all_customers, 0) - known_customers as new_customers",
                                "coalesce(all_mrr, 0) as mrr",
                                "coalesce(all_mrr, 0) - known_mrr as new_mrr",
                                "known_mrr - kept_mrr as reactivation_mrr"),
                true);
    }

    private static Dataset<Row> figures(Dataset<Row> months, boolean isRunning) {
        return months.withColumn("is_running", expr(Boolean.toString(isRunning)))
                .selectExpr(TABLE.columns().stream()
                        .filter(column -> !column.name().equals(BronzeColumns.EPOCH))
                        .map(column -> "cast(" + column.name() + " as " + column.glueType() + ") as " + column.name())
                        .toArray(String[]::new));
    }
}
