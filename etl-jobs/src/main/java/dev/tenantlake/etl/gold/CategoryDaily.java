package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sales of a tenant's categories on a day, by currency: {@link ProductDaily} by the category that each product is of now,
 * with its present cost. Products that are not in silver have no category, and no cost.
 */
final class CategoryDaily extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "category_daily",
            List.of("tenant_id", "day", "category", "currency"),
            List.of(TENANT_PARTITION, MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("day", "date"),
                    new Column("category", "string"),
                    new Column("currency", "string"),
                    new Column("units", "bigint"),
                    new Column("revenue", "decimal(18,2)"),
                    new Column("kept_units", "bigint"),
                    new Column("kept_revenue", "decimal(18,2)"),
                    new Column("kept_cost", "decimal(18,2)"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    CategoryDaily() {
        super(TABLE, made());
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.categories().touched();
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.categories().days(wanted);
    }

    private static Map<SourceTable, Set<String>> made() {
        Map<SourceTable, Set<String>> columns = new HashMap<>(new ProductDaily().columns());
        columns.put(PRODUCTS, Set.of("category", "unit_cost"));
        return columns;
    }
}
