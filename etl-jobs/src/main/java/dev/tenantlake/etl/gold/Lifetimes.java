package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the customers of a round have brought in since they came. One who is in another segment now takes all that along: so
 * what is touched are tenants, with their customers, orders and bills of all times.
 */
final class Lifetimes implements AutoCloseable {

    /** The columns of customers that they are grouped by. */
    private static final List<String> GROUPINGS = List.of("acquired_via", "segment", "country");

    private final GoldRound round;
    /** By the tenants that were asked for. */
    private final Map<TenantDays, Dataset<Row>> days = new ConcurrentHashMap<>();

    private final Map<TenantDays, Dataset<Row>> accounts = new ConcurrentHashMap<>();

    Lifetimes(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /** All days of the tenants that are otherwise themselves, or have other customers, orders or bills than before. */
    TenantDays touched() {
        return round.changedTenants(TENANTS, CUSTOMERS, ORDERS, INVOICES);
    }

    /**
     * What each group brought in on a day, with the columns of {@link LifetimeDaily} but the month and the epoch; kept in
     * memory for as long as the round lasts.
     *
     * @param tenants all days of some tenants
     */
    Dataset<Row> days(TenantDays tenants) {
        return days.computeIfAbsent(tenants, wanted -> grouped(wanted).persist());
    }

    private Dataset<Row> grouped(TenantDays wanted) {
        // Both what they are and what they paid is made of them: they are read once.
        Dataset<Row> known =
                accounts.computeIfAbsent(wanted, some -> accounts(some).persist());
        Dataset<Row> made = known.selectExpr(
                "*",
                "account_day as day",
                "own_currency as currency",
                "1 as new_customers",
                "0 as new_buyers",
                "0 as orders",
                "cast(0 as decimal(12,2)) as order_revenue",
                "cast(0 as decimal(12,2)) as subscription_revenue");
        Dataset<Row> paid = ordered(wanted)
                .unionByName(billed(wanted))
                .join(known, new String[] {"tenant_id", "customer_id"})
                .withColumn("day", expr("greatest(day, account_day)"))
                .withColumn("currency", expr("coalesce(currency, own_currency)"))
                .withColumn("new_customers", expr("0"));
        String groups = GROUPINGS.stream()
                .map(column -> "struct('" + column + "' as grouped_by, " + column + " as customer_group)")
                .collect(Collectors.joining(", ", "inline(array(", "))"));
        return made.unionByName(paid)
                .selectExpr("*", groups)
                .groupBy("tenant_id", "grouped_by", "customer_group", "currency", "day")
                .agg(
                        expr("sum(new_customers) as new_customers"),
                        expr("sum(new_buyers) as new_buyers"),
                        expr("sum(orders) as orders"),
                        expr("cast(sum(order_revenue) as decimal(18,2)) as order_revenue"),
                        expr("cast(sum(subscription_revenue) as decimal(18,2)) as subscription_revenue"));
    }

    /** Who there is, with the day of the account, and the tenant's currency as {@code own_currency}. */
    private Dataset<Row> accounts(TenantDays wanted) {
        Dataset<Row> currencies = round.silver().all(TENANTS).selectExpr("id as tenant_id", "currency as own_currency");
        return LocalDay.dated(round.silver().of(CUSTOMERS, wanted), "created_at", round.zones())
                .join(currencies, new String[] {"tenant_id"})
                .selectExpr(
                        "tenant_id",
                        "id as customer_id",
                        "own_currency",
                        "day as account_day",
                        "acquired_via",
                        "segment",
                        "country");
    }

    /** What each customer ordered on a day that counts, by currency; a refunded order counts, and brings nothing. */
    private Dataset<Row> ordered(TenantDays wanted) {
        return round.buyers()
                .days(wanted)
                .selectExpr(
                        "tenant_id",
                        "customer_id",
                        "day",
                        "currency",
                        "if(day = min(day) over (partition by tenant_id, customer_id, currency), 1, 0) as new_buyers",
                        "orders",
                        "kept_revenue as order_revenue",
                        "cast(0 as decimal(12,2)) as subscription_revenue");
    }

    /** What each customer paid for subscriptions, which is in the tenant's currency. */
    private Dataset<Row> billed(TenantDays wanted) {
        return LocalDay.dated(
                        round.silver().of(INVOICES, wanted).where("subscription_id is not null and status = 'paid'"),
                        "paid_at",
                        round.zones())
                .where("day is not null")
                .selectExpr(
                        "tenant_id",
                        "customer_id",
                        "day",
                        "cast(null as string) as currency",
                        "0 as new_buyers",
                        "0 as orders",
                        "cast(0 as decimal(12,2)) as order_revenue",
                        "amount as subscription_revenue");
    }

    @Override
    public void close() {
        days.values().forEach(Dataset::unpersist);
        days.clear();
        accounts.values().forEach(Dataset::unpersist);
        accounts.clear();
    }
}
