package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDERS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the customers of a round bought month by month, which cohorts and retention are made of. Whose first order is
 * cancelled belongs to another cohort in all months since: so what is touched are tenants, and their orders of all times
 * are read, though of each but five columns.
 */
final class Buyers implements AutoCloseable {

    private final GoldRound round;
    /** By the tenants that were asked for. */
    private final Map<TenantDays, Dataset<Row>> months = new ConcurrentHashMap<>();

    Buyers(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** All days of the tenants whose orders lie otherwise than before. */
    TenantDays touched() {
        return round.changedTenants(ORDERS);
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
                wanted -> DatedOrders.of(round.silver(), wanted, round.zones())
                        .where(DatedOrders.COUNTED)
                        .withColumn("month", expr("to_date(trunc(day, 'MM'))"))
                        .groupBy("tenant_id", "customer_id", "month", "currency")
                        .agg(expr("sum(total_amount) as revenue"))
                        .persist());
    }

    @Override
    public void close() {
        months.values().forEach(Dataset::unpersist);
        months.clear();
    }
}
