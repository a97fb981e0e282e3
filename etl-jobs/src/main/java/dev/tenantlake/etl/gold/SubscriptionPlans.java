package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.SUBSCRIPTIONS;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many of a tenant's subscriptions are on each plan now, without those that are cancelled, and what they bring. */
final class SubscriptionPlans extends DaysSubject {

    static final HudiTable TABLE = new HudiTable(
            Layer.GOLD,
            "subscription_plans",
            List.of("tenant_id", "plan"),
            // A few rows of each tenant: one file.
            List.of(),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("plan", "string"),
                    new Column("subscriptions", "bigint"),
                    new Column("active_subscriptions", "bigint"),
                    new Column("paused_subscriptions", "bigint"),
                    new Column("mrr", "decimal(18,2)"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    SubscriptionPlans() {
        super(TABLE, Map.of(SUBSCRIPTIONS, Set.of("plan", "status", "monthly_amount")));
    }

    @Override
    public boolean isTrailing() {
        return true;
    }

    @Override
    public TenantDays touched(GoldRound round) {
        return round.changedTenants(SUBSCRIPTIONS);
    }

    @Override
    public Dataset<Row> figures(GoldRound round, TenantDays wanted) {
        return round.silver()
                .of(SUBSCRIPTIONS, wanted)
                .where("status <> 'cancelled'")
                .groupBy("tenant_id", "plan")
                .agg(
                        expr("count(*) as subscriptions"),
                        expr("count_if(status = 'active') as active_subscriptions"),
                        expr("count_if(status = 'paused') as paused_subscriptions"),
                        expr("cast(sum(if(status = 'active', monthly_amount, 0)) as decimal(18,2)) as mrr"));
    }
}
