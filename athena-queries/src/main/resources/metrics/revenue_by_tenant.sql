-- metric: revenue_by_tenant
-- answers: How much did each tenant sell, period by period?
-- subject: revenue
-- grain: tenant, period_start, currency
-- tables: gold.revenue_daily, gold.revenue_monthly, silver.tenants
-- chart: stack of net_revenue, refunds in currency by period_start
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: Revenue is what was ordered on the days of the period, by the calendar of the tenant's time zone, in orders
--   that are neither pending nor cancelled. It holds what was refunded later; net_revenue does not.
-- note: A refund counts in the period of its order, not in the period in which it was paid back, so that the figures of
--   a past period go on falling for as long as its orders are refunded.
-- note: Amounts of different currencies are never added up. A period without an order has no row.
WITH sold AS (
    -- include: revenue_of_periods
)
SELECT
    t.slug AS tenant,
    date_trunc(p.period, d.day) AS period_start,
    d.currency,
    sum(d.orders) AS orders,
    sum(d.revenue) AS revenue,
    sum(d.refunds) AS refunds,
    sum(d.revenue) - sum(d.refunds) AS net_revenue
FROM sold AS d
JOIN silver.tenants AS t ON t.id = d.tenant_id
CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
WHERE p.period = ? /* period */
GROUP BY t.slug, date_trunc(p.period, d.day), d.currency
ORDER BY tenant, period_start, d.currency
