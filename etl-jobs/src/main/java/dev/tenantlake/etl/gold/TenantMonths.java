package dev.tenantlake.etl.gold;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiTable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The months of tenants, by their own clocks, that some days lie in. A month is named by its first day.
 *
 * @param days those days
 */
record TenantMonths(TenantDays days) implements GoldParts {

    /** All months of all tenants. */
    static final TenantMonths EVERYTHING = new TenantMonths(TenantDays.EVERYTHING);

    TenantMonths {
        requireNonNull(days, "days");
    }

    @Override
    public boolean isEmpty() {
        return days.isEmpty();
    }

    @Override
    public boolean everything() {
        return days.everything();
    }

    /**
     * Those rows that are of these months.
     *
     * @param rows with the columns {@code tenant_id} and {@code month}, the month's first day
     */
    @Override
    public Dataset<Row> of(Dataset<Row> rows) {
        return firstDays().of(rows.withColumnRenamed("month", "day")).withColumnRenamed("day", "month");
    }

    @Override
    public boolean has(Row row) {
        return firstDays().has(row, "month");
    }

    @Override
    public List<String> partitions(HudiTable table) {
        return firstDays().partitions(table);
    }

    private TenantDays firstDays() {
        Map<Long, Set<LocalDate>> months = new HashMap<>();
        days.days()
                .forEach((tenant, some) -> months.put(
                        tenant, some.stream().map(day -> day.withDayOfMonth(1)).collect(Collectors.toSet())));
        return new TenantDays(days.everything(), days.whole(), months);
    }

    @Override
    public String toString() {
        return "the months of " + days;
    }
}
