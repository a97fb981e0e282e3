package dev.tenantlake.etl.gold;

import dev.tenantlake.etl.hudi.Spans;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Orders with their days: {@code tenant_id}, {@code id}, {@code customer_id}, {@code day}, {@code currency}, {@code
 * status}, {@code total_amount}.
 */
final class DatedOrders {

    /** Whether an order counts in gold's figures; a refunded one does. */
    static final String COUNTED = "status not in ('pending', 'cancelled')";

    private DatedOrders() {}

    /**
     * The orders of some days.
     *
     * @param zones by tenant, the name of its time zone; an order of a tenant without one has no day
     */
    static Dataset<Row> of(SilverSnapshot silver, TenantDays wanted, Map<Long, String> zones) {
        Dataset<Row> orders = wanted.everything() ? silver.all(SourceTable.ORDERS) : some(silver, wanted, zones);
        Dataset<Row> dated = LocalDay.dated(orders, "ordered_at", zones)
                .select("tenant_id", "id", "customer_id", "day", "currency", "status", "total_amount");
        return wanted.of(dated);
    }

    private static Dataset<Row> some(SilverSnapshot silver, TenantDays wanted, Map<Long, String> zones) {
        Set<String> months = new LinkedHashSet<>();
        Spans instants = new Spans("ordered_at");
        wanted.days().forEach((tenant, days) -> {
            String zone = zones.get(tenant);
            for (LocalDate day : days) {
                Instant first = LocalDay.start(day, zone);
                Instant last = LocalDay.end(day, zone);
                months.add(SilverSnapshot.partition(tenant, LocalDay.utcMonth(first)));
                months.add(SilverSnapshot.partition(tenant, LocalDay.utcMonth(last)));
                instants.add(LocalDay.micros(first), LocalDay.micros(last));
            }
        });
        if (months.isEmpty()) {
            return silver.ofTenants(SourceTable.ORDERS, wanted.whole());
        }
        Dataset<Row> ofDays = silver.read(SourceTable.ORDERS, months, instants);
        return wanted.whole().isEmpty()
                ? ofDays
                : ofDays.unionByName(silver.ofTenants(SourceTable.ORDERS, wanted.whole()));
    }
}
