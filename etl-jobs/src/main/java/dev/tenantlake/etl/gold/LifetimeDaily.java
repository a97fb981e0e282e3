package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
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
 * What each group of a tenant's customers brought in on a day, by currency: up to a day they add up to what its customers
 * are worth so far. The groups are those of all customers by {@code grouped_by}, the name of a column of theirs. Nothing is
 * of a day before its customer's account: what came earlier is of the day on which that was made.
 */
final class LifetimeDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "lifetime_daily",
            List.of("tenant_id", "grouped_by", "customer_group", "currency", "day"),
            // A tenant's month is some hundred rows: in files of their own they would be mostly footers.
            List.of(MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("grouped_by", "string"),
                    new Column("customer_group", "string"),
                    new Column("currency", "string"),
                    new Column("day", "date"),
                    new Column("new_customers", "bigint"),
                    new Column("new_buyers", "bigint"),
                    new Column("orders", "bigint"),
                    new Column("order_revenue", "decimal(18,2)"),
                    new Column("subscription_revenue", "decimal(18,2)"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    LifetimeDaily() {
        super(
                TABLE,
                Map.of(
                        TENANTS,
                        Set.of("time_zone", "currency"),
                        CUSTOMERS,
                        Set.of("acquired_via", "segment", "country", "created_at"),
                        ORDERS,
                        Set.of("customer_id", "status", "currency", "total_amount", "ordered_at"),
                        INVOICES,
                        Set.of("customer_id", "subscription_id", "status", "amount", "paid_at")));
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.lifetimes().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.lifetimes().days(wanted).withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }
}
