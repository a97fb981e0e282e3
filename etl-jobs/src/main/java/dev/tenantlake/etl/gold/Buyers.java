package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDERS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the customers of a round bought by day and by month, which cohorts, retention and lifetime values are made of. Whose
 * first order is cancelled belongs to another cohort in all months since: so what is touched are tenants, and their orders of
 * all times are read, though once and of each but a few columns.
 */
final class Buyers implements AutoCloseable {

    private final GoldRound round;
    /** By the tenants that were asked for. */
    private final Map<TenantDays, Dataset<Row>> days = new ConcurrentHashMap<>();

    private final Map<TenantDays, Dataset<Row>> months = new ConcurrentHashMap<>();

    Buyers(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** All days of the tenants whose orders lie otherwise than before. */
    TenantDays touched() {
        return round.changedTenants(ORDERS);
    }

    /**
     * What each customer ordered on a day, by currency: {@code tenant_id}, {@code customer_id}, {@code day}, {@code
     * currency}, {@code orders}, {@code revenue}, {@code kept_revenue}; of days with an order that counts. Kept in memory
     * for as long as the round lasts.
     *
     * @param tenants all days of some tenants
     */
    Dataset<Row> days(TenantDays tenants) {
        return days.computeIfAbsent(
                tenants,
                wanted -> DatedOrders.of(round.silver(), wanted, round.zones())
                        .where(DatedOrders.COUNTED)
                        .groupBy("tenant_id", "customer_id", "day", "currency")
                        .agg(
                                expr("count(*) as orders"),
                                expr("sum(total_amount) as revenue"),
                                expr("sum(if(status = 'refunded', 0, total_amount)) as kept_revenue"))
                        .persist());
    }

    /**
     * The revenue that each customer brought in a month, by currency: {@code tenant_id}, {@code customer_id}, {@code
     * month}, which is its first day, {@code currency}, {@code revenue}; of months with an order that counts. Kept in
     * memory for as long as the round lasts.
     *
     * @param tenants all days of some tenants
     */
    Dataset<Row> months(TenantDays tenants) {
        return months.computeIfAbsent(
                tenants,
                wanted -> days(wanted)
                        .withColumn("month", expr("to_date(trunc(day, 'MM'))"))
                        .groupBy("tenant_id", "customer_id", "month", "currency")
                        .agg(expr("sum(revenue) as revenue"))
                        .persist());
    }

    @Override
    public void close() {
        months.values().forEach(Dataset::unpersist);
        months.clear();
        days.values().forEach(Dataset::unpersist);
        days.clear();
    }
}
