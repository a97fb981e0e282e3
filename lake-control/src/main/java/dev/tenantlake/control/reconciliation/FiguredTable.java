package dev.tenantlake.control.reconciliation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.reconciliation.FigureColumn.Type;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of the lake, and the relation in Postgres whose figures it must have: for silver the source table, for gold what
 * its definition says, worked out by Postgres and not by the code of the job.
 *
 * @param name the table in Athena, {@code database.table}
 * @param lake a relation of Athena: that table's name or a query in parentheses
 * @param source a relation of Postgres: a table's name or a query in parentheses
 * @param columns those that are compared
 * @param key the names of those that tell one row from another
 */
public record FiguredTable(String name, String lake, String source, List<FigureColumn> columns, List<String> key) {

    /** What separates columns, and what stands for a null; control characters that no value of the shop holds. */
    private static final String SEPARATOR = "chr(31)";

    private static final String NULL = "chr(30)";

    /** What the orders of a period come to; %s is the period of {@code o.ordered_at}. */
    private static final String REVENUE = """
            (select o.tenant_id, %s, o.currency,
                    count(*) as orders,
                    sum(o.total_amount)::numeric(18,2) as revenue,
                    coalesce(sum(o.total_amount) filter (where o.status = 'refunded'), 0)::numeric(18,2) as refunds,
                    round(sum(o.total_amount) / count(*), 2)::numeric(18,2) as average_order_value
               from shop.orders o
               join shop.tenants t on t.id = o.tenant_id
              where o.status not in ('pending', 'cancelled')
              group by 1, 2, 3)""";

    private static final FiguredTable REVENUE_DAILY = ofRevenue(
            "revenue_daily",
            "day",
            "(o.ordered_at at time zone t.time_zone)::date as day",
            Stream.of(new FigureColumn("average_order_value", Type.DECIMAL)));

    private static final FiguredTable REVENUE_MONTHLY = ofRevenue(
            "revenue_monthly",
            "month",
            "date_trunc('month', o.ordered_at at time zone t.time_zone)::date as month",
            Stream.empty());

    /** What the products' sales of a period come to; %s is the period of {@code o.ordered_at}. */
    private static final String PRODUCT_SALES = """
            (select o.tenant_id, %1$s, i.product_id, o.currency,
                    count(distinct o.id) as orders,
                    sum(i.quantity) as units,
                    sum(i.quantity * i.unit_price)::numeric(18,2) as gross_amount,
                    sum(i.discount_amount)::numeric(18,2) as discount_amount,
                    sum(i.quantity * i.unit_price - i.discount_amount)::numeric(18,2) as revenue,
                    count(distinct o.id) filter (where o.status <> 'refunded') as kept_orders,
                    coalesce(sum(i.quantity) filter (where o.status <> 'refunded'), 0) as kept_units,
                    coalesce(sum(i.quantity * i.unit_price - i.discount_amount)
                        filter (where o.status <> 'refunded'), 0)::numeric(18,2) as kept_revenue
               from shop.order_items i
               join shop.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
               join shop.tenants t on t.id = o.tenant_id
              where o.status not in ('pending', 'cancelled')
              group by 1, 2, 3, 4)""";

    private static final FiguredTable PRODUCT_DAILY =
            ofProducts("product_daily", "day", "(o.ordered_at at time zone t.time_zone)::date as day");

    private static final FiguredTable PRODUCT_MONTHLY = ofProducts(
            "product_monthly", "month", "date_trunc('month', o.ordered_at at time zone t.time_zone)::date as month");

    /** What the categories' sales of a period come to; %s is the period of {@code o.ordered_at}. */
    private static final String CATEGORY_SALES = """
            (select o.tenant_id, %s, p.category, o.currency,
                    sum(i.quantity) as units,
                    sum(i.quantity * i.unit_price - i.discount_amount)::numeric(18,2) as revenue,
                    coalesce(sum(i.quantity) filter (where o.status <> 'refunded'), 0) as kept_units,
                    coalesce(sum(i.quantity * i.unit_price - i.discount_amount)
                        filter (where o.status <> 'refunded'), 0)::numeric(18,2) as kept_revenue,
                    coalesce(sum(i.quantity * p.unit_cost)
                        filter (where o.status <> 'refunded'), 0)::numeric(18,2) as kept_cost
               from shop.order_items i
               join shop.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
               join shop.tenants t on t.id = o.tenant_id
               join shop.products p on p.tenant_id = i.tenant_id and p.id = i.product_id
              where o.status not in ('pending', 'cancelled')
              group by 1, 2, 3, 4)""";

    private static final FiguredTable CATEGORY_DAILY =
            ofCategories("category_daily", "day", "(o.ordered_at at time zone t.time_zone)::date as day");

    private static final FiguredTable CATEGORY_MONTHLY = ofCategories(
            "category_monthly", "month", "date_trunc('month', o.ordered_at at time zone t.time_zone)::date as month");

    private static final FiguredTable CUSTOMERS_DAILY =
            ofCustomers("customers_daily", "day", "(c.created_at at time zone t.time_zone)::date as day");

    private static final FiguredTable CUSTOMERS_MONTHLY = ofCustomers(
            "customers_monthly", "month", "date_trunc('month', c.created_at at time zone t.time_zone)::date as month");

    private static final FiguredTable COHORTS_MONTHLY = new FiguredTable(
            "gold.cohorts_monthly",
            "gold.cohorts_monthly",
            """
            (with sales as (
               select o.tenant_id, o.currency, o.customer_id, o.total_amount,
                      date_trunc('month', o.ordered_at at time zone t.time_zone)::date as month
                 from shop.orders o
                 join shop.tenants t on t.id = o.tenant_id
                where o.status not in ('pending', 'cancelled')
             )
             select s.tenant_id, s.currency, c.cohort_month, s.month,
                    count(distinct s.customer_id) as active_customers,
                    sum(s.total_amount)::numeric(18,2) as revenue
               from sales s
               join (select tenant_id, currency, customer_id, min(month) as cohort_month
                       from sales group by 1, 2, 3) c using (tenant_id, currency, customer_id)
              group by 1, 2, 3, 4)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("currency", Type.TEXT),
                    new FigureColumn("cohort_month", Type.DATE),
                    new FigureColumn("month", Type.DATE),
                    new FigureColumn("active_customers", Type.INTEGER),
                    new FigureColumn("revenue", Type.DECIMAL)),
            List.of("tenant_id", "currency", "cohort_month", "month"));

    private static final FiguredTable RETENTION_PERIODS = new FiguredTable(
            "gold.retention_periods",
            "gold.retention_periods",
            """
            (with buyers as (
               select distinct o.tenant_id, o.customer_id, p.period, p.step,
                      date_trunc(p.period, o.ordered_at at time zone t.time_zone)::date as period_start
                 from shop.orders o
                 join shop.tenants t on t.id = o.tenant_id
                cross join (values ('month', interval '1 month'), ('quarter', interval '3 months'),
                                   ('year', interval '1 year')) p (period, step)
                where o.status not in ('pending', 'cancelled')
             )
             select tenant_id, period, period_start,
                    count(*) as active_customers,
                    count(*) filter (where last_time is null) as new_customers,
                    count(*) filter (where last_time = period_start - step) as retained_customers,
                    count(*) filter (where last_time < period_start - step) as returned_customers
               from (select b.*, lag(period_start) over (partition by tenant_id, customer_id, period
                                                             order by period_start) as last_time
                       from buyers b) visits
              group by 1, 2, 3)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("period", Type.TEXT),
                    new FigureColumn("period_start", Type.DATE),
                    new FigureColumn("active_customers", Type.INTEGER),
                    new FigureColumn("new_customers", Type.INTEGER),
                    new FigureColumn("retained_customers", Type.INTEGER),
                    new FigureColumn("returned_customers", Type.INTEGER)),
            List.of("tenant_id", "period", "period_start"));

    /** What groups of customers brought in in a period, which is made of {@code day}. */
    private static final String LIFETIME = """
            (with people as (
               select c.tenant_id, c.id as customer_id, c.acquired_via, c.segment, c.country,
                      t.time_zone, t.currency as home_currency,
                      (c.created_at at time zone t.time_zone)::date as since
                 from shop.customers c
                 join shop.tenants t on t.id = c.tenant_id
             ), sales as (
               select p.tenant_id, p.customer_id, o.currency, o.status, o.total_amount,
                      greatest((o.ordered_at at time zone p.time_zone)::date, p.since) as day
                 from people p
                 join shop.orders o using (tenant_id, customer_id)
                where o.status not in ('pending', 'cancelled')
             ), figures as (
               select tenant_id, customer_id, home_currency as currency, since as day,
                      1 as customers, 0 as buyers, 0 as orders, 0.00 as from_orders, 0.00 as from_subscriptions
                 from people
               union all
               select tenant_id, customer_id, currency, min(day), 0, 1, 0, 0, 0 from sales group by 1, 2, 3
               union all
               select tenant_id, customer_id, currency, day, 0, 0, 1,
                      case when status = 'refunded' then 0 else total_amount end, 0
                 from sales
               union all
               select p.tenant_id, p.customer_id, p.home_currency,
                      greatest((i.paid_at at time zone p.time_zone)::date, p.since), 0, 0, 0, 0, i.amount
                 from people p
                 join shop.invoices i using (tenant_id, customer_id)
                where i.subscription_id is not null and i.status = 'paid'
             )
             select f.tenant_id, g.grouped_by, g.customer_group, f.currency, %s,
                    sum(f.customers) as new_customers,
                    sum(f.buyers) as new_buyers,
                    sum(f.orders) as orders,
                    sum(f.from_orders)::numeric(18,2) as order_revenue,
                    sum(f.from_subscriptions)::numeric(18,2) as subscription_revenue
               from figures f
               join people p using (tenant_id, customer_id)
              cross join lateral (values ('acquired_via', p.acquired_via), ('segment', p.segment),
                                         ('country', p.country)) g (grouped_by, customer_group)
              group by 1, 2, 3, 4, 5)""";

    private static final FiguredTable LIFETIME_DAILY = ofLifetimes("lifetime_daily", "day", "f.day");

    private static final FiguredTable LIFETIME_MONTHLY =
            ofLifetimes("lifetime_monthly", "month", "date_trunc('month', f.day)::date as month");

    private static final FiguredTable SUBSCRIPTIONS_MONTHLY = new FiguredTable(
            "gold.subscriptions_monthly",
            "gold.subscriptions_monthly",
            """
            (with terms as (
               select s.tenant_id, s.monthly_amount,
                      date_trunc('month', s.started_at at time zone t.time_zone)::date as first,
                      date_trunc('month', s.cancelled_at at time zone t.time_zone)::date as last
                 from shop.subscriptions s
                 join shop.tenants t on t.id = s.tenant_id
             ), sound as (
               select * from terms where last is null or first <= last
             )
             select tenant_id, month,
                    count(*) filter (where month = first) as started_subscriptions,
                    count(*) filter (where month = last) as cancelled_subscriptions,
                    count(*) filter (where month = last and first < last) as churned_subscriptions,
                    coalesce(sum(monthly_amount) filter (where month = last), 0)::numeric(18,2)
                      as cancelled_monthly_amount
               from (select tenant_id, first as month from sound union select tenant_id, last from sound) months
               join sound using (tenant_id)
              where month in (first, last)
              group by 1, 2)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("month", Type.DATE),
                    new FigureColumn("started_subscriptions", Type.INTEGER),
                    new FigureColumn("cancelled_subscriptions", Type.INTEGER),
                    new FigureColumn("churned_subscriptions", Type.INTEGER),
                    new FigureColumn("cancelled_monthly_amount", Type.DECIMAL)),
            List.of("tenant_id", "month"));

    private static final FiguredTable SUBSCRIPTION_PLANS = new FiguredTable(
            "gold.subscription_plans",
            "gold.subscription_plans",
            """
            (select tenant_id, plan,
                    count(*) as subscriptions,
                    count(*) filter (where status = 'active') as active_subscriptions,
                    count(*) filter (where status = 'paused') as paused_subscriptions,
                    coalesce(sum(monthly_amount) filter (where status = 'active'), 0)::numeric(18,2) as mrr
               from shop.subscriptions
              where status <> 'cancelled'
              group by 1, 2)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("plan", Type.TEXT),
                    new FigureColumn("subscriptions", Type.INTEGER),
                    new FigureColumn("active_subscriptions", Type.INTEGER),
                    new FigureColumn("paused_subscriptions", Type.INTEGER),
                    new FigureColumn("mrr", Type.DECIMAL)),
            List.of("tenant_id", "plan"));

    /** The months that are over by their bills, and each as if it were the running one by what is agreed. */
    private static final FiguredTable RECURRING_MONTHLY = new FiguredTable(
            "gold.recurring_monthly",
            "gold.recurring_monthly",
            """
            (with bills as (
               select distinct on (i.tenant_id, i.customer_id, month)
                      i.tenant_id, i.customer_id, date_trunc('month', i.issued_at at time zone t.time_zone) as month,
                      i.amount
                 from shop.invoices i
                 join shop.subscriptions s on (s.tenant_id, s.id) = (i.tenant_id, i.subscription_id)
                 join shop.tenants t on t.id = i.tenant_id
                where i.status <> 'void'
                  and (s.cancelled_at is null
                       or date_trunc('month', s.cancelled_at at time zone t.time_zone)
                          > date_trunc('month', i.issued_at at time zone t.time_zone))
                order by 1, 2, 3, i.issued_at desc, i.id desc
             ), recurring as (
               select * from bills where amount > 0
             ), agreed as (
               select tenant_id, customer_id, sum(monthly_amount) as amount
                 from shop.subscriptions
                where status = 'active' and monthly_amount > 0
                group by 1, 2
             ), months as (
               select distinct r.tenant_id, r.month + l * interval '1 month' as month
                 from recurring r, generate_series(0, 2) l
               union
               select tenant_id, timestamp '1970-01-01' from agreed
             ), customers as (
               select tenant_id, customer_id, min(month) as first
                 from (select tenant_id, customer_id, month from recurring
                       union all select tenant_id, customer_id, null from agreed) known
                group by 1, 2
             ), grid as (
               select m.tenant_id, m.month, k.is_running, c.customer_id, c.first,
                      coalesce(case when k.is_running then a.amount else n.amount end, 0) as now_pays,
                      coalesce(b.amount, 0) as paid_before
                 from months m
                cross join (values (false), (true)) k (is_running)
                 left join customers c on c.tenant_id = m.tenant_id
                 left join recurring n on (n.tenant_id, n.customer_id, n.month) = (m.tenant_id, c.customer_id, m.month)
                 left join agreed a on (a.tenant_id, a.customer_id) = (m.tenant_id, c.customer_id)
                 left join recurring b on (b.tenant_id, b.customer_id, b.month)
                                        = (m.tenant_id, c.customer_id, m.month - interval '1 month')
             )
             select tenant_id, month::date as month, is_running,
                    count(*) filter (where now_pays > 0) as customers,
                    count(*) filter (where now_pays > 0 and coalesce(first >= month, true)) as new_customers,
                    count(*) filter (where paid_before > 0 and now_pays = 0) as churned_customers,
                    sum(now_pays)::numeric(18,2) as mrr,
                    coalesce(sum(now_pays) filter (where coalesce(first >= month, true)), 0)::numeric(18,2) as new_mrr,
                    coalesce(sum(now_pays) filter (where first < month and paid_before = 0), 0)::numeric(18,2)
                      as reactivation_mrr,
                    coalesce(sum(now_pays - paid_before) filter (where paid_before > 0 and now_pays > paid_before), 0)
                      ::numeric(18,2) as expansion_mrr,
                    coalesce(sum(paid_before - now_pays) filter (where now_pays > 0 and now_pays < paid_before), 0)
                      ::numeric(18,2) as contraction_mrr,
                    coalesce(sum(paid_before) filter (where now_pays = 0), 0)::numeric(18,2) as churned_mrr
               from grid
              group by 1, 2, 3
             having is_running or count(*) filter (where now_pays > 0 or paid_before > 0) > 0)""",
            List.of(
                    new FigureColumn("tenant_id", Type.INTEGER),
                    new FigureColumn("month", Type.DATE),
                    new FigureColumn("is_running", Type.BOOLEAN),
                    new FigureColumn("customers", Type.INTEGER),
                    new FigureColumn("new_customers", Type.INTEGER),
                    new FigureColumn("churned_customers", Type.INTEGER),
                    new FigureColumn("mrr", Type.DECIMAL),
                    new FigureColumn("new_mrr", Type.DECIMAL),
                    new FigureColumn("reactivation_mrr", Type.DECIMAL),
                    new FigureColumn("expansion_mrr", Type.DECIMAL),
                    new FigureColumn("contraction_mrr", Type.DECIMAL),
                    new FigureColumn("churned_mrr", Type.DECIMAL)),
            List.of("tenant_id", "month", "is_running"));

    /** What was done in the visits that began in a period, whose name is %2$s and whose first day is %1$s. */
    private static final String VISITS = """
            (with ordered as (
               select e.*, t.time_zone,
                      coalesce(e.occurred_at - lag(e.occurred_at) over session >= interval '48 hours', true) as first,
                      lag(e.event_type) over session as previous_type
                 from shop.events e
                 join shop.tenants t on t.id = e.tenant_id
               window session as (partition by e.tenant_id, e.session_id order by e.occurred_at, e.id)
             ), of_visits as (
               select o.*, first or event_type <> previous_type as step,
                      max(occurred_at) filter (where first)
                        over (partition by tenant_id, session_id order by occurred_at, id) as began_at
                 from ordered o
             ), visits as (
               select tenant_id, %1$s as %2$s, session_id, began_at,
                      count(*) as events,
                      count(customer_id) > 0 as known,
                      count(*) filter (where event_type = 'product_view') as views,
                      extract(epoch from date_trunc('second', max(occurred_at)) - date_trunc('second', began_at))
                        as seconds,
                      bool_or(event_type = 'purchase') as bought,
                      bool_or(event_type in ('purchase', 'checkout')) as checked_out,
                      bool_or(event_type in ('purchase', 'checkout', 'add_to_cart')) as filled,
                      bool_or(event_type in ('purchase', 'checkout', 'add_to_cart', 'product_view')) as viewed,
                      string_agg(event_type, ' > ' order by occurred_at, id) filter (where step) as journey
                 from of_visits
                where occurred_at < began_at + interval '48 hours'
                group by tenant_id, time_zone, session_id, began_at
             ), journeys as (
               select tenant_id, %2$s, string_agg(journey || ' x ' || taken, ', ' order by journey collate "C") as journeys
                 from (select tenant_id, %2$s, journey, count(*) as taken from visits group by 1, 2, 3) counted
                group by 1, 2
             ), abandoned as (
               select tenant_id, %2$s, string_agg(product_id || ' x ' || units, ', ' order by product_id) as products
                 from (select v.tenant_id, v.%2$s, e.product_id,
                              sum(case when e.properties ->> 'quantity' ~ '^[+-]?[0-9]{1,18}$'
                                       then (e.properties ->> 'quantity')::bigint else 1 end) as units
                         from visits v
                         join of_visits e on (e.tenant_id, e.session_id, e.began_at) = (v.tenant_id, v.session_id, v.began_at)
                        where not v.bought and e.event_type = 'add_to_cart' and e.product_id is not null
                          and e.occurred_at < e.began_at + interval '48 hours'
                        group by 1, 2, 3) counted
                group by 1, 2
             )
             select v.tenant_id, v.%2$s,
                    count(*) as visits,
                    count(*) filter (where v.known) as known_visits,
                    count(*) filter (where v.events = 1) as bounces,
                    sum(v.events) as events,
                    sum(v.views) as product_view_events,
                    sum(v.seconds)::bigint as seconds,
                    count(*) filter (where v.viewed) as viewing_visits,
                    count(*) filter (where v.filled) as cart_visits,
                    count(*) filter (where v.checked_out) as checkout_visits,
                    count(*) filter (where v.bought) as purchase_visits,
                    min(j.journeys) as journeys,
                    coalesce(min(a.products), '') as abandoned_products
               from visits v
               join journeys j on (j.tenant_id, j.%2$s) = (v.tenant_id, v.%2$s)
               left join abandoned a on (a.tenant_id, a.%2$s) = (v.tenant_id, v.%2$s)
              group by 1, 2)""";

    private static final FiguredTable VISITS_DAILY =
            ofVisits("visits_daily", "day", "(began_at at time zone time_zone)::date");

    private static final FiguredTable VISITS_MONTHLY =
            ofVisits("visits_monthly", "month", "date_trunc('month', began_at at time zone time_zone)::date");

    public FiguredTable {
        requireNonNull(name, "name");
        requireNonNull(lake, "lake");
        requireNonNull(source, "source");
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** Every table of silver that has one of the source, and every table of gold. */
    public static List<FiguredTable> all() {
        return Stream.concat(SourceTable.ALL.stream().map(FiguredTable::ofSilver), ofGold().stream())
                .toList();
    }

    /** Every table of gold's figures. */
    public static List<FiguredTable> ofGold() {
        return List.of(
                REVENUE_DAILY,
                REVENUE_MONTHLY,
                PRODUCT_DAILY,
                PRODUCT_MONTHLY,
                CATEGORY_DAILY,
                CATEGORY_MONTHLY,
                CUSTOMERS_DAILY,
                CUSTOMERS_MONTHLY,
                COHORTS_MONTHLY,
                RETENTION_PERIODS,
                LIFETIME_DAILY,
                LIFETIME_MONTHLY,
                RECURRING_MONTHLY,
                SUBSCRIPTIONS_MONTHLY,
                SUBSCRIPTION_PLANS,
                VISITS_DAILY,
                VISITS_MONTHLY);
    }

    /** @param besides columns of the days that do not add up over a month */
    private static FiguredTable ofRevenue(
            String table, String period, String periodInPostgres, Stream<FigureColumn> besides) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                Layer.GOLD.database() + "." + table,
                REVENUE.formatted(periodInPostgres),
                Stream.concat(
                                Stream.of(
                                        new FigureColumn("tenant_id", Type.INTEGER),
                                        new FigureColumn(period, Type.DATE),
                                        new FigureColumn("currency", Type.TEXT),
                                        new FigureColumn("orders", Type.INTEGER),
                                        new FigureColumn("revenue", Type.DECIMAL),
                                        new FigureColumn("refunds", Type.DECIMAL)),
                                besides)
                        .toList(),
                List.of("tenant_id", period, "currency"));
    }

    private static FiguredTable ofProducts(String table, String period, String periodInPostgres) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                Layer.GOLD.database() + "." + table,
                PRODUCT_SALES.formatted(periodInPostgres),
                List.of(
                        new FigureColumn("tenant_id", Type.INTEGER),
                        new FigureColumn(period, Type.DATE),
                        new FigureColumn("product_id", Type.INTEGER),
                        new FigureColumn("currency", Type.TEXT),
                        new FigureColumn("orders", Type.INTEGER),
                        new FigureColumn("units", Type.INTEGER),
                        new FigureColumn("gross_amount", Type.DECIMAL),
                        new FigureColumn("discount_amount", Type.DECIMAL),
                        new FigureColumn("revenue", Type.DECIMAL),
                        new FigureColumn("kept_orders", Type.INTEGER),
                        new FigureColumn("kept_units", Type.INTEGER),
                        new FigureColumn("kept_revenue", Type.DECIMAL)),
                List.of("tenant_id", period, "product_id", "currency"));
    }

    private static FiguredTable ofCategories(String table, String period, String periodInPostgres) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                Layer.GOLD.database() + "." + table,
                CATEGORY_SALES.formatted(periodInPostgres),
                List.of(
                        new FigureColumn("tenant_id", Type.INTEGER),
                        new FigureColumn(period, Type.DATE),
                        new FigureColumn("category", Type.TEXT),
                        new FigureColumn("currency", Type.TEXT),
                        new FigureColumn("units", Type.INTEGER),
                        new FigureColumn("revenue", Type.DECIMAL),
                        new FigureColumn("kept_units", Type.INTEGER),
                        new FigureColumn("kept_revenue", Type.DECIMAL),
                        new FigureColumn("kept_cost", Type.DECIMAL)),
                List.of("tenant_id", period, "category", "currency"));
    }

    private static FiguredTable ofCustomers(String table, String period, String periodInPostgres) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                Layer.GOLD.database() + "." + table,
                """
                (select c.tenant_id, %s, c.acquired_via, count(*) as new_customers
                   from shop.customers c
                   join shop.tenants t on t.id = c.tenant_id
                  group by 1, 2, 3)""".formatted(periodInPostgres),
                List.of(
                        new FigureColumn("tenant_id", Type.INTEGER),
                        new FigureColumn(period, Type.DATE),
                        new FigureColumn("acquired_via", Type.TEXT),
                        new FigureColumn("new_customers", Type.INTEGER)),
                List.of("tenant_id", period, "acquired_via"));
    }

    private static FiguredTable ofLifetimes(String table, String period, String periodInPostgres) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                Layer.GOLD.database() + "." + table,
                LIFETIME.formatted(periodInPostgres),
                List.of(
                        new FigureColumn("tenant_id", Type.INTEGER),
                        new FigureColumn("grouped_by", Type.TEXT),
                        new FigureColumn("customer_group", Type.TEXT),
                        new FigureColumn("currency", Type.TEXT),
                        new FigureColumn(period, Type.DATE),
                        new FigureColumn("new_customers", Type.INTEGER),
                        new FigureColumn("new_buyers", Type.INTEGER),
                        new FigureColumn("orders", Type.INTEGER),
                        new FigureColumn("order_revenue", Type.DECIMAL),
                        new FigureColumn("subscription_revenue", Type.DECIMAL)),
                List.of("tenant_id", "grouped_by", "customer_group", "currency", period));
    }

    private static FiguredTable ofVisits(String table, String period, String periodInPostgres) {
        return new FiguredTable(
                Layer.GOLD.database() + "." + table,
                // The two lists as text.
                """
                (select tenant_id, %1$s, visits, known_visits, bounces, events, product_view_events, seconds,
                        viewing_visits, cart_visits, checkout_visits, purchase_visits,
                        array_join(transform(journeys, j -> j.journey || ' x ' || cast(j.visits as varchar)), ', ')
                          as journeys,
                        array_join(
                            transform(abandoned_products,
                                      p -> cast(p.product_id as varchar) || ' x ' || cast(p.units as varchar)), ', ')
                          as abandoned_products
                   from gold.%2$s)""".formatted(period, table),
                VISITS.formatted(periodInPostgres, period),
                List.of(
                        new FigureColumn("tenant_id", Type.INTEGER),
                        new FigureColumn(period, Type.DATE),
                        new FigureColumn("visits", Type.INTEGER),
                        new FigureColumn("known_visits", Type.INTEGER),
                        new FigureColumn("bounces", Type.INTEGER),
                        new FigureColumn("events", Type.INTEGER),
                        new FigureColumn("product_view_events", Type.INTEGER),
                        new FigureColumn("seconds", Type.INTEGER),
                        new FigureColumn("viewing_visits", Type.INTEGER),
                        new FigureColumn("cart_visits", Type.INTEGER),
                        new FigureColumn("checkout_visits", Type.INTEGER),
                        new FigureColumn("purchase_visits", Type.INTEGER),
                        new FigureColumn("journeys", Type.TEXT),
                        new FigureColumn("abandoned_products", Type.TEXT)),
                List.of("tenant_id", period));
    }

    /** The silver table that must equal a source table in every column. */
    static FiguredTable ofSilver(SourceTable table) {
        String name = Layer.SILVER.database() + "." + table.name();
        return new FiguredTable(name, name, table.qualifiedName(), columns(table), table.primaryKey());
    }

    /**
     * The changes that bronze holds of a source table, replayed to its latest state: it must equal the source table in
     * every column, too.
     */
    public static FiguredTable ofReplayedBronze(SourceTable table) {
        String name = Layer.BRONZE.database() + "." + table.name();
        String position = "cast(_epoch as decimal(38, 0)) * 1000000000000 + _ordinal";
        String key = String.join(", ", table.primaryKey());
        String replayed = """
                (select %3$s
                   from (select %3$s, _op,
                                row_number() over (partition by %2$s order by _epoch desc, _ordinal desc) as newest
                           from %1$s
                          where _op <> 't'
                            and %4$s > (select coalesce(max(%4$s), -1) from %1$s where _op = 't')) changes
                  where newest = 1 and _op <> 'd')""".formatted(
                        name,
                        key,
                        table.columns().stream().map(SourceColumn::name).collect(Collectors.joining(", ")),
                        position);
        return new FiguredTable(name, replayed, table.qualifiedName(), columns(table), table.primaryKey());
    }

    private static List<FigureColumn> columns(SourceTable table) {
        return table.columns().stream()
                .map(column -> new FigureColumn(column.name(), Type.of(column.type())))
                .toList();
    }

    /** The columns that are summed. */
    List<FigureColumn> numbers() {
        return columns.stream().filter(column -> column.type().isNumber()).toList();
    }

    /** A query whose one row is the figures of the source: the rows, each number's sum, the hash. */
    String inPostgres() {
        return "select count(*)"
                + numbers().stream()
                        .map(column -> ", coalesce(sum(" + column.name() + "::numeric), 0)")
                        .collect(Collectors.joining())
                // The first 60 bits of each row's MD5: their sum is exact, and no order of rows matters to it.
                + ", coalesce(sum(('x' || substr(md5(" + text(columns, FigureColumn::inPostgres)
                + "), 1, 15))::bit(60)::bigint::numeric), 0)"
                + " from " + source + " figured";
    }

    /** The same query for Athena. */
    String inAthena() {
        return "select count(*)"
                + numbers().stream()
                        .map(column -> ", coalesce(sum(" + wide(column) + "), 0)")
                        .collect(Collectors.joining())
                + ", coalesce(sum(cast(from_base(substr(to_hex(md5(to_utf8(" + text(columns, FigureColumn::inAthena)
                + "))), 1, 15), 16) as decimal(38, 0))), 0)"
                + " from " + lake + " figured";
    }

    /** A query that gives of each row of the source its key as text, and a digest of all columns. */
    String rowsInPostgres() {
        return "select " + text(keyColumns(), FigureColumn::inPostgres)
                + ", md5(" + text(columns, FigureColumn::inPostgres) + ")"
                + " from " + source + " figured";
    }

    /** The same query for Athena. */
    String rowsInAthena() {
        return "select " + text(keyColumns(), FigureColumn::inAthena)
                + ", lower(to_hex(md5(to_utf8(" + text(columns, FigureColumn::inAthena) + "))))"
                + " from " + lake + " figured";
    }

    private List<FigureColumn> keyColumns() {
        return columns.stream().filter(column -> key.contains(column.name())).toList();
    }

    /** The canonical text of these columns, one after the other, as an expression of either dialect. */
    private static String text(List<FigureColumn> columns, Function<FigureColumn, String> dialect) {
        return columns.stream()
                .map(column -> "coalesce(" + dialect.apply(column) + ", " + NULL + ")")
                .collect(Collectors.joining(" || " + SEPARATOR + " || "));
    }

    private static String wide(FigureColumn column) {
        return "cast(" + column.name() + " as " + (column.type() == Type.INTEGER ? "decimal(38, 0)" : "decimal(38, 2)")
                + ")";
    }
}
