package dev.tenantlake.etl.gold;

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

/** The sums of {@link CustomersDaily} over a month, which is named by its first day. */
final class CustomersMonthly implements GoldSubject<TenantDays> {

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

    private static final CustomersDaily DAYS = new CustomersDaily();

    @Override
    public HudiTable table() {
        return TABLE;
    }

    @Override
    public Map<SourceTable, Set<String>> columns() {
        return DAYS.columns();
    }

    @Override
    public TenantDays everything() {
        return TenantDays.EVERYTHING;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return DAYS.touched(round);
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.customers()
                .days(wanted)
                .withColumn("month", expr("to_date(trunc(day, 'MM'))"))
                .groupBy("tenant_id", "month", "acquired_via")
                .agg(expr("sum(new_customers) as new_customers"));
    }
}
