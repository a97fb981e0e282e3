package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Orders, revenue and refunds of a tenant's day, by currency. Pending and cancelled orders count for nothing. */
final class RevenueDaily {

    private RevenueDaily() {}

    /**
     * The figures of the days that orders are given of.
     *
     * @param orders {@link DatedOrders}
     */
    static Dataset<Row> of(Dataset<Row> orders) {
        return orders.where(DatedOrders.COUNTED)
                .groupBy("tenant_id", "day", "currency")
                .agg(
                        expr("count(*) as orders"),
                        expr("cast(sum(total_amount) as decimal(18,2)) as revenue"),
                        expr("cast(sum(if(status = 'refunded', total_amount, 0)) as decimal(18,2)) as refunds"))
                // Decimals: the quotient has enough digits that rounding it once more changes nothing.
                .withColumn("average_order_value", expr("cast(round(revenue / orders, 2) as decimal(18,2))"));
    }
}
