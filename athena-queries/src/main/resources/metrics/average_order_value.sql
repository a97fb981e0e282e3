-- metric: average_order_value
-- answers: How much is an order worth on average, period by period?
-- subject: revenue
-- grain: tenant, period_start, currency
-- tables: gold.revenue_daily, gold.revenue_monthly, silver.tenants
-- chart: line of average_order_value in currency by period_start
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: It is the period's revenue over the period's orders, rounded half up to a cent. It is not the mean of the days'
--   averages, which would weigh a day with one order as much as a day with a thousand.
-- note: Orders that are neither pending nor cancelled count; a refunded one counts with its full amount.
WITH sold AS (
    -- include: revenue_of_periods
)
SELECT
    t.slug AS tenant,
    date_trunc(p.period, d.day) AS period_start,
    d.currency,
    sum(d.orders) AS orders,
    sum(d.revenue) AS revenue,
    CAST(sum(d.revenue) / nullif(sum(d.orders), 0) AS decimal(18, 2)) AS average_order_value
FROM sold AS d
JOIN silver.tenants AS t ON t.id = d.tenant_id
CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
WHERE p.period = ? /* period */
GROUP BY t.slug, date_trunc(p.period, d.day), d.currency
ORDER BY tenant, period_start, d.currency
