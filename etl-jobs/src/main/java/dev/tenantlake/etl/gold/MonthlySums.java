package dev.tenantlake.etl.gold;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.SourceTable;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The sums of a table of days over a month, which is named by its first day. Each column that is not in the key is the sum
 * of the days' column of that name.
 */
abstract class MonthlySums implements GoldSubject<TenantMonths> {

    private final HudiTable table;
    private final GoldSubject<TenantDays> days;

    /**
     * Sums.
     *
     * @param table with a column {@code month}, a date, in its key
     * @param days what is summed, with a column {@code day} in the place of that
     */
    MonthlySums(HudiTable table, GoldSubject<TenantDays> days) {
        this.table = requireNonNull(table, "table");
        this.days = requireNonNull(days, "days");
    }

    @Override
    public final HudiTable table() {
        return table;
    }

    @Override
    public final Map<SourceTable, Set<String>> columns() {
        return days.columns();
    }

    @Override
    public final boolean isTrailing() {
        return days.isTrailing();
    }

    @Override
    public final TenantMonths everything() {
        return TenantMonths.EVERYTHING;
    }

    @Override
    public final TenantMonths touched(GoldRound round) {
        return new TenantMonths(days.touched(round));
    }

    /**
     * The days that changed are computed, once for both tables; the others of their months are what gold has of them,
     * which this round does not change.
     */
    @Override
    public final Dataset<Row> figures(GoldRound round, TenantMonths wanted) {
        Dataset<Row> summed = inMonths(days.figures(round, wanted.days()));
        TenantDays single = wanted.days().single();
        if (!single.isEmpty()) {
            Dataset<Row> others = single.othersOf(round.gold(days.table(), single.partitions(days.table())));
            summed = summed.unionByName(new TenantMonths(single).of(inMonths(others.drop(BronzeColumns.EPOCH))));
        }
        Column[] sums = table.columns().stream()
                .filter(column -> !table.recordKey().contains(column.name())
                        && !column.name().equals(BronzeColumns.EPOCH))
                .map(this::sum)
                .toArray(Column[]::new);
        return summed.groupBy(table.recordKey().stream().map(key -> col(key)).toArray(Column[]::new))
                .agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length));
    }

    /** What a column is of the days' column of its name. */
    Column sum(CatalogTable.Column column) {
        return expr("cast(sum(" + column.name() + ") as " + column.glueType() + ") as " + column.name());
    }

    /** Days with their month in the place of the day. */
    private static Dataset<Row> inMonths(Dataset<Row> days) {
        return days.withColumn("month", expr("to_date(trunc(day, 'MM'))")).drop("day");
    }
}
