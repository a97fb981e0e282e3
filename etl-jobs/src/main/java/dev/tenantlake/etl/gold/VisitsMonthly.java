package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;

/** {@link VisitsDaily} by month: a visit is of one day, so that visits add up, and journey by journey as well. */
final class VisitsMonthly extends MonthlySums {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "visits_monthly",
            List.of("tenant_id", "month"),
            // A row for each month of a tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("month", "date"),
                    new Column("visits", "bigint"),
                    new Column("known_visits", "bigint"),
                    new Column("bounces", "bigint"),
                    new Column("events", "bigint"),
                    new Column("product_view_events", "bigint"),
                    new Column("seconds", "bigint"),
                    new Column("viewing_visits", "bigint"),
                    new Column("cart_visits", "bigint"),
                    new Column("checkout_visits", "bigint"),
                    new Column("purchase_visits", "bigint"),
                    new Column("journeys", "array<struct<journey:string,visits:bigint>>"),
                    new Column("abandoned_products", "array<struct<product_id:bigint,units:bigint>>"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    VisitsMonthly() {
        super(TABLE, new VisitsDaily());
    }

    @Override
    org.apache.spark.sql.Column sum(CatalogTable.Column column) {
        return switch (column.name()) {
            case "journeys" -> merged(column, "map<string,bigint>");
            case "abandoned_products" -> merged(column, "map<bigint,bigint>");
            default -> super.sum(column);
        };
    }

    /**
     * The days' lists of pairs as one, with the sum of each key, in the order of the keys. Pair by pair, as rows, they would
     * be grouped twice and joined to the sums: more stages, each of which costs more than these few pairs do.
     *
     * @param map the type of such a list as a map
     */
    private static org.apache.spark.sql.Column merged(CatalogTable.Column column, String map) {
        return expr("""
                cast(array_sort(map_entries(aggregate(
                    collect_list(map_from_entries(%1$s)),
                    cast(map() as %2$s),
                    (sums, day) -> map_zip_with(sums, day, (key, sum, one) -> coalesce(sum, 0L) + coalesce(one, 0L))
                ))) as %3$s) as %1$s""".formatted(column.name(), map, column.glueType()));
    }
}
