package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The sums of {@link ProductDaily} over a month, which is named by its first day. An order lies in one day, so that orders
 * add up as amounts do.
 */
final class ProductMonthly implements GoldSubject<TenantMonths> {

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

    private static final ProductDaily DAYS = new ProductDaily();

    @Override
    public HudiTable table() {
        return TABLE;
    }

    @Override
    public Map<SourceTable, Set<String>> columns() {
        return DAYS.columns();
    }

    @Override
    public TenantMonths everything() {
        return TenantMonths.EVERYTHING;
    }

    @Override
    public TenantMonths touched(GoldRound round) {
        return new TenantMonths(DAYS.touched(round));
    }

    /**
     * The days that changed are computed, once for both tables; the others of their months are what gold has of them,
     * which this round does not change.
     */
    @Override
    public Dataset<Row> figures(GoldRound round, TenantMonths wanted) {
        Dataset<Row> days = DAYS.figures(round, wanted.days());
        if (!wanted.everything()) {
            Dataset<Row> staying = wanted.days()
                    .othersOf(round.gold(ProductDaily.TABLE, wanted.days().partitions(ProductDaily.TABLE)));
            days = days.unionByName(staying.drop(BronzeColumns.EPOCH));
        }
        return days.withColumn("month", expr("to_date(trunc(day, 'MM'))"))
                .groupBy("tenant_id", "month", "product_id", "currency")
                .agg(
                        expr("sum(orders) as orders"),
                        expr("sum(units) as units"),
                        expr("cast(sum(gross_amount) as decimal(18,2)) as gross_amount"),
                        expr("cast(sum(discount_amount) as decimal(18,2)) as discount_amount"),
                        expr("cast(sum(revenue) as decimal(18,2)) as revenue"),
                        expr("sum(kept_orders) as kept_orders"),
                        expr("sum(kept_units) as kept_units"),
                        expr("cast(sum(kept_revenue) as decimal(18,2)) as kept_revenue"));
    }
}
