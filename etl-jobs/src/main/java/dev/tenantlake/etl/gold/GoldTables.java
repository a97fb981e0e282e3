package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.List;
import java.util.stream.Stream;

/** The Hudi tables of gold. */
public final class GoldTables {

    /** What a tenant's customers bought on a day, by currency. */
    public static final HudiTable REVENUE_DAILY = RevenueDaily.TABLE;

    /** What a tenant's customers bought in a month, by currency. */
    public static final HudiTable REVENUE_MONTHLY = RevenueMonthly.TABLE;

    /** How each product of a tenant sold on a day, by currency. */
    public static final HudiTable PRODUCT_DAILY = ProductDaily.TABLE;

    /** How each product of a tenant sold in a month, by currency. */
    public static final HudiTable PRODUCT_MONTHLY = ProductMonthly.TABLE;

    /** How each category of a tenant sold on a day, by currency. */
    public static final HudiTable CATEGORY_DAILY = CategoryDaily.TABLE;

    /** How each category of a tenant sold in a month, by currency. */
    public static final HudiTable CATEGORY_MONTHLY = CategoryMonthly.TABLE;

    /** How many customers a tenant won on a day, by channel. */
    public static final HudiTable CUSTOMERS_DAILY = CustomersDaily.TABLE;

    /** How many customers a tenant won in a month, by channel. */
    public static final HudiTable CUSTOMERS_MONTHLY = CustomersMonthly.TABLE;

    /** What the customers who first bought in one month bought in another, by currency. */
    public static final HudiTable COHORTS_MONTHLY = CohortsMonthly.TABLE;

    /** How many customers bought in a month, quarter or year of a tenant, and whether they had before. */
    public static final HudiTable RETENTION_PERIODS = RetentionPeriods.TABLE;

    /** What each group of a tenant's customers brought in on a day, by currency. */
    public static final HudiTable LIFETIME_DAILY = LifetimeDaily.TABLE;

    /** What each group of a tenant's customers brought in in a month, by currency. */
    public static final HudiTable LIFETIME_MONTHLY = LifetimeMonthly.TABLE;

    /** The recurring revenue of a tenant's months, over and running, and by what it changed. */
    public static final HudiTable RECURRING_MONTHLY = RecurringMonthly.TABLE;

    /** How many of a tenant's subscriptions started in a month, and how many were cancelled. */
    public static final HudiTable SUBSCRIPTIONS_MONTHLY = SubscriptionsMonthly.TABLE;

    /** How many of a tenant's subscriptions are on each plan now. */
    public static final HudiTable SUBSCRIPTION_PLANS = SubscriptionPlans.TABLE;

    /** What was done in the visits that began on a tenant's day. */
    public static final HudiTable VISITS_DAILY = VisitsDaily.TABLE;

    /** What was done in the visits that began in a tenant's month. */
    public static final HudiTable VISITS_MONTHLY = VisitsMonthly.TABLE;

    /** How many rows of each silver table of a tenant were valid when they were last counted on a day, and how many not. */
    public static final HudiTable DATA_QUALITY = new HudiTable(
            Layer.GOLD,
            "data_quality",
            List.of("tenant_id", "table_name", "day"),
            List.of(MONTH_PARTITION),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("table_name", "string"),
                    new Column("day", "date"),
                    new Column("valid_rows", "bigint"),
                    new Column("quarantined_rows", "bigint"),
                    new Column("valid_share", "decimal(7,6)"),
                    new Column(MONTH_PARTITION, "string"),
                    new Column(BronzeColumns.EPOCH, "bigint")));

    /** The tables of figures. */
    static final List<GoldSubject<?>> FIGURES = List.of(
            new RevenueDaily(),
            new RevenueMonthly(),
            new ProductDaily(),
            new ProductMonthly(),
            new CategoryDaily(),
            new CategoryMonthly(),
            new CustomersDaily(),
            new CustomersMonthly(),
            new CohortsMonthly(),
            new RetentionPeriods(),
            new LifetimeDaily(),
            new LifetimeMonthly(),
            new RecurringMonthly(),
            new SubscriptionsMonthly(),
            new SubscriptionPlans(),
            new VisitsDaily(),
            new VisitsMonthly());

    /** Those of them that are brought to each epoch of silver. */
    static final List<GoldSubject<?>> PROMPT =
            FIGURES.stream().filter(subject -> !subject.isTrailing()).toList();

    /** The others, which stand for an epoch of their own. */
    static final List<GoldSubject<?>> TRAILING =
            FIGURES.stream().filter(GoldSubject::isTrailing).toList();

    /** Every table of gold. */
    public static final List<HudiTable> ALL = Stream.concat(
                    FIGURES.stream().map(GoldSubject::table), Stream.of(DATA_QUALITY))
            .toList();

    private GoldTables() {}
}
