package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The customers of a round, which the tables of acquisition are made of, and the tenants whose customers are others than
 * before. Silver has one file of customers for each tenant, so a tenant is read as a whole in any case.
 */
final class Customers implements AutoCloseable {

    private final GoldRound round;
    /** By the tenants that were asked for. */
    private final Map<TenantDays, Dataset<Row>> days = new ConcurrentHashMap<>();

    Customers(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** All days of the tenants that have other customers than before, or another time zone. */
    TenantDays touched() {
        return round.changedTenants(CUSTOMERS);
    }

    /**
     * How many accounts were made on each day through each channel: {@code tenant_id}, {@code day}, {@code acquired_via},
     * {@code new_customers}; kept in memory for as long as the round lasts.
     *
     * @param tenants all days of some tenants
     */
    Dataset<Row> days(TenantDays tenants) {
        return days.computeIfAbsent(tenants, wanted -> {
            return LocalDay.dated(round.silver().of(CUSTOMERS, wanted), "created_at", round.zones())
                    .groupBy("tenant_id", "day", "acquired_via")
                    .agg(expr("count(*) as new_customers"))
                    .persist();
        });
    }

    @Override
    public void close() {
        days.values().forEach(Dataset::unpersist);
        days.clear();
    }
}
