package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANT_PARTITION;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import dev.tenantlake.etl.hudi.HudiTable;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Days of tenants, by their own clocks: some days of some tenants, and all days of others.
 *
 * @param everything all days of all tenants, also of those that are gone
 * @param whole the tenants of which all days are
 * @param days by tenant, single days; of tenants that are not among {@code whole}
 */
record TenantDays(boolean everything, Set<Long> whole, Map<Long, Set<LocalDate>> days) implements GoldParts {

    /** All days of all tenants. */
    static final TenantDays EVERYTHING = new TenantDays(true, Set.of(), Map.of());

    static final TenantDays NONE = new TenantDays(false, Set.of(), Map.of());

    private static final StructType PAIR = StructType.fromDDL("tenant_id bigint, day date");

    TenantDays {
        whole = Set.copyOf(whole);
        Map<Long, Set<LocalDate>> single = new HashMap<>();
        for (Map.Entry<Long, Set<LocalDate>> tenant : days.entrySet()) {
            if (!whole.contains(tenant.getKey()) && !tenant.getValue().isEmpty()) {
                single.put(tenant.getKey(), Set.copyOf(tenant.getValue()));
            }
        }
        days = Map.copyOf(single);
    }

    @Override
    public boolean isEmpty() {
        return !everything && whole.isEmpty() && days.isEmpty();
    }

    /** The tenants that it is about, unless it is about all. */
    Set<Long> tenants() {
        Set<Long> tenants = new HashSet<>(whole);
        tenants.addAll(days.keySet());
        return tenants;
    }

    /** The single days alone, without the tenants of which all days are. */
    TenantDays single() {
        return new TenantDays(false, Set.of(), days);
    }

    /**
     * Those rows that it is about.
     *
     * @param rows with the columns {@code tenant_id} and {@code day}
     */
    @Override
    public Dataset<Row> of(Dataset<Row> rows) {
        if (everything) {
            return rows;
        }
        if (days.isEmpty()) {
            return rows.where(isWhole());
        }
        Dataset<Row> single =
                rows.where(not(isWhole())).join(pairs(rows), new String[] {"tenant_id", "day"}, "left_semi");
        return whole.isEmpty() ? single : rows.where(isWhole()).unionByName(single);
    }

    /**
     * Whether it is about a row.
     *
     * @param row with the columns {@code tenant_id} and, if it is about single days, {@code day}
     */
    @Override
    public boolean has(Row row) {
        return has(row, "day");
    }

    /** As {@link #has(Row)}, with the day in another column. */
    boolean has(Row row, String day) {
        long tenant = row.<Long>getAs("tenant_id");
        return everything
                || whole.contains(tenant)
                || days.containsKey(tenant) && days.get(tenant).contains(row.<LocalDate>getAs(day));
    }

    /**
     * Those rows that it is not about.
     *
     * @param rows with the columns {@code tenant_id} and {@code day}
     */
    Dataset<Row> othersOf(Dataset<Row> rows) {
        if (everything) {
            return rows.limit(0);
        }
        Dataset<Row> others = rows.where(not(isWhole()));
        return days.isEmpty() ? others : others.join(pairs(rows), new String[] {"tenant_id", "day"}, "left_anti");
    }

    @Override
    public List<String> partitions(HudiTable table) {
        if (table.partitionColumns().equals(List.of(MONTH_PARTITION)) && whole.isEmpty()) {
            return days.values().stream()
                    .flatMap(Set::stream)
                    .map(day -> MONTH_PARTITION + "=" + YearMonth.from(day))
                    .distinct()
                    .toList();
        }
        if (!table.partitionColumns().contains(TENANT_PARTITION)) {
            return List.of("");
        }
        if (!table.partitionColumns().contains(MONTH_PARTITION)) {
            return tenants().stream().map(SilverSnapshot::partition).toList();
        }
        return Stream.concat(
                        whole.stream().map(SilverSnapshot::partition),
                        days.entrySet().stream()
                                .flatMap(tenant -> tenant.getValue().stream()
                                        .map(day -> SilverSnapshot.partition(tenant.getKey(), YearMonth.from(day)))))
                .distinct()
                .toList();
    }

    private Column isWhole() {
        return col("tenant_id").isin(whole.toArray());
    }

    private Dataset<Row> pairs(Dataset<Row> rows) {
        List<Row> pairs = new ArrayList<>();
        days.forEach((tenant, some) -> some.forEach(day -> pairs.add(RowFactory.create(tenant, day))));
        return rows.sparkSession().createDataFrame(pairs, PAIR);
    }

    @Override
    public String toString() {
        return everything
                ? "everything"
                : whole.size() + " tenants, "
                        + days.values().stream().mapToInt(Set::size).sum() + " days";
    }
}
