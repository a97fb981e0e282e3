package dev.tenantlake.system;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.metric.Metric;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mistake that somebody could make in a metric's SQL, and that its oracle has to catch. Each changes figures of any seed
 * on any day, so none rests on something that happens now and then.
 *
 * @param metric its name
 * @param is the mistake, in a few words
 * @param values the parameters with which the metric is asked
 * @param right what the SQL says
 * @param wrong what is put in its place
 */
record MetricFault(String metric, String is, Map<String, String> values, String right, String wrong) {

    private static final Map<String, String> DAILY = Map.of("period", "day");
    private static final Map<String, String> DEFAULT = Map.of();
    /** From within a month to within another: gold has the months between as sums, and of these two the days. */
    private static final Map<String, String> WITHIN_MONTHS = Map.of("from", monthsAgo(4, 11), "to", monthsAgo(1, 20));

    private static final Map<String, String> QUARTERLY_WITHIN_MONTHS = and(WITHIN_MONTHS, "period", "quarter");
    private static final Map<String, String> WEEKLY_WITHIN_MONTHS = and(WITHIN_MONTHS, "period", "week");

    /** One for each metric. */
    static final List<MetricFault> ALL = List.of(
            new MetricFault(
                    "arr",
                    "the growth of a month that is not over",
                    DEFAULT,
                    "WHEN is_complete AND previous_mrr > 0",
                    "WHEN previous_mrr > 0"),
            new MetricFault(
                    "average_order_value",
                    "the mean of the days' averages",
                    WEEKLY_WITHIN_MONTHS,
                    "sum(d.revenue) / nullif(sum(d.orders), 0)",
                    "avg(d.revenue / d.orders)"),
            new MetricFault(
                    "best_sellers",
                    "a join by tenant alone, which gives each product the names of all",
                    Map.of("places", "1000", "by", "units"),
                    "p.tenant_id = s.tenant_id AND p.id = s.product_id",
                    "p.tenant_id = s.tenant_id"),
            new MetricFault(
                    "cart_abandonment",
                    "bought carts counted as abandoned",
                    WEEKLY_WITHIN_MONTHS,
                    "d.cart_visits - d.purchase_visits",
                    "d.cart_visits"),
            new MetricFault(
                    "category_trends",
                    "shares of all months' sales in place of the month's",
                    DEFAULT,
                    "PARTITION BY c.tenant_id, c.currency, c.month)",
                    "PARTITION BY c.tenant_id, c.currency)"),
            new MetricFault(
                    "conversion_funnel",
                    "a checkout counted as a purchase",
                    QUARTERLY_WITHIN_MONTHS,
                    "sum(d.purchase_visits)",
                    "sum(d.checkout_visits)"),
            new MetricFault(
                    "customer_acquisition",
                    "shares of all days' customers in place of the day's",
                    DAILY,
                    "PARTITION BY slug, period_start)",
                    "PARTITION BY slug)"),
            new MetricFault(
                    "customer_cohorts",
                    "a customer counted once for each month with an order",
                    DEFAULT,
                    "max(CASE WHEN month = cohort_month THEN active_customers END)",
                    "sum(active_customers)"),
            new MetricFault(
                    "customer_lifetime_value",
                    "the last month counted whole and by its days",
                    Map.of("by", "segment", "to", monthsAgo(1, 20)),
                    "last_day_of_month(month) <= CAST",
                    "month <= CAST"),
            new MetricFault(
                    "customer_retention",
                    "who came back counted as lost",
                    DEFAULT,
                    "previous_customers - retained_customers END AS lost_customers",
                    "previous_customers END AS lost_customers"),
            new MetricFault(
                    "inventory_turnover",
                    "refunded orders counted as sold",
                    Map.of("days", "150"),
                    "kept_units",
                    "units"),
            new MetricFault(
                    "mrr_movements",
                    "the oldest row that holds for the running month: every subscriber is new",
                    DEFAULT,
                    "ORDER BY r.month DESC",
                    "ORDER BY r.month"),
            new MetricFault(
                    "plan_distribution",
                    "shares of all tenants' subscriptions in place of the tenant's",
                    DEFAULT,
                    "sum(subscriptions) OVER (PARTITION BY tenant_id)",
                    "sum(subscriptions) OVER ()"),
            new MetricFault(
                    "product_profitability",
                    "refunded orders counted as sold",
                    WITHIN_MONTHS,
                    "sum(s.kept_revenue) AS revenue",
                    "sum(s.revenue) AS revenue"),
            new MetricFault(
                    "revenue_by_category",
                    "gross amounts as revenue",
                    WITHIN_MONTHS,
                    "sum(d.revenue) AS revenue",
                    "sum(d.gross_amount) AS revenue"),
            new MetricFault(
                    "revenue_by_tenant",
                    "refunds left in the net revenue",
                    QUARTERLY_WITHIN_MONTHS,
                    "sum(d.revenue) - sum(d.refunds)",
                    "sum(d.revenue)"),
            new MetricFault(
                    "revenue_growth",
                    "growth as a part of the new revenue",
                    Map.of("period", "quarter"),
                    "(revenue - previous_revenue) / previous_revenue",
                    "(revenue - previous_revenue) / nullif(revenue, 0)"),
            new MetricFault(
                    "session_engagement",
                    "bounces, which last no time, left out of the mean",
                    DAILY,
                    "CAST(seconds AS decimal(18, 2)) / visits",
                    "CAST(seconds AS decimal(18, 2)) / nullif(visits - bounces, 0)"),
            new MetricFault(
                    "subscription_churn",
                    "those that start in the month counted as there at its start",
                    DEFAULT,
                    "subscriptions_at_end - started_subscriptions + cancelled_subscriptions",
                    "subscriptions_at_end + cancelled_subscriptions"),
            new MetricFault(
                    "user_journeys",
                    "the days and months of a journey counted in place of its visits",
                    and(WITHIN_MONTHS, "places", "50"),
                    "sum(j.visits) AS visits",
                    "count(*) AS visits"));

    private static Map<String, String> and(Map<String, String> values, String name, String value) {
        Map<String, String> more = new HashMap<>(values);
        more.put(name, value);
        return Map.copyOf(more);
    }

    private static String monthsAgo(int months, int day) {
        return LocalDate.now(ZoneOffset.UTC)
                .minusMonths(months)
                .withDayOfMonth(day)
                .toString();
    }

    MetricFault {
        requireNonNull(metric, "metric");
        requireNonNull(is, "is");
        values = Map.copyOf(values);
        requireNonNull(right, "right");
        requireNonNull(wrong, "wrong");
    }

    /** The metric with the mistake in it. */
    Metric in(Metric sound) {
        if (!sound.sql().contains(right)) {
            throw new AssertionError(metric + " does not say: " + right);
        }
        return sound.withSql(sound.sql().replace(right, wrong));
    }
}
