package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sales of a tenant's products on a day, by currency: the items of the orders that count. */
final class ProductDaily {

    private ProductDaily() {}

    /**
     * The figures of the days that orders are given of.
     *
     * @param orders {@link DatedOrders}
     * @param items at least all items of those orders
     */
    static Dataset<Row> of(Dataset<Row> orders, Dataset<Row> items) {
        Dataset<Row> counted =
                orders.where(DatedOrders.COUNTED).selectExpr("tenant_id", "id as order_id", "day", "currency");
        return items.select("tenant_id", "order_id", "product_id", "quantity", "unit_price", "discount_amount")
                .join(counted, new String[] {"tenant_id", "order_id"})
                .groupBy("tenant_id", "day", "product_id", "currency")
                .agg(
                        expr("count(distinct order_id) as orders"),
                        expr("sum(quantity) as units"),
                        expr("cast(sum(quantity * unit_price) as decimal(18,2)) as gross_amount"),
                        expr("cast(sum(discount_amount) as decimal(18,2)) as discount_amount"))
                .withColumn("revenue", expr("cast(gross_amount - discount_amount as decimal(18,2))"))
                .withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }
}
