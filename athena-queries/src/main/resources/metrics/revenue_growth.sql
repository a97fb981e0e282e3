-- metric: revenue_growth
-- answers: By how much does each tenant's revenue grow from one month to the next?
-- grain: tenant, month, currency
-- tables: gold.revenue_daily, silver.tenants
-- parameter: from date = 1970-01-01; a day of the first month to show; its growth is over the month before it
-- parameter: to date = 2999-12-31; a day of the last month to show
-- note: Growth is over the calendar month before, not over the last month that had a sale: a month without one counts
--   as zero, from the tenant's first month of sales to its last.
-- note: There is no growth for a first month, over a month without revenue, or for a month that is not over in the
--   tenant's time zone (is_complete is false), since part of a month is not comparable with a whole one.
-- note: A first month in which the tenant began to sell in the middle makes the growth of the second look large.
WITH monthly AS (
    SELECT
        tenant_id,
        currency,
        date_trunc('month', day) AS month,
        sum(orders) AS orders,
        sum(revenue) AS revenue
    FROM gold.revenue_daily
    GROUP BY tenant_id, currency, date_trunc('month', day)
),
spans AS (
    SELECT tenant_id, currency, min(month) AS first_month, max(month) AS last_month
    FROM monthly
    GROUP BY tenant_id, currency
),
calendar AS (
    SELECT s.tenant_id, s.currency, c.month
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_month, s.last_month, INTERVAL '1' MONTH)) AS c (month)
),
series AS (
    SELECT
        c.tenant_id,
        c.currency,
        c.month,
        coalesce(m.orders, 0) AS orders,
        coalesce(m.revenue, 0) AS revenue,
        lag(coalesce(m.revenue, 0)) OVER (PARTITION BY c.tenant_id, c.currency ORDER BY c.month) AS previous_revenue
    FROM calendar AS c
    LEFT JOIN monthly AS m ON m.tenant_id = c.tenant_id AND m.currency = c.currency AND m.month = c.month
),
dated AS (
    SELECT
        t.slug,
        s.month,
        s.currency,
        s.orders,
        s.revenue,
        s.previous_revenue,
        date_add('month', 1, s.month) <= CAST(at_timezone(current_timestamp, t.time_zone) AS date) AS is_complete
    FROM series AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
)
SELECT
    slug AS tenant,
    month,
    currency,
    orders,
    revenue,
    previous_revenue,
    CASE
        WHEN is_complete AND previous_revenue > 0
            THEN CAST(100 * (revenue - previous_revenue) / previous_revenue AS decimal(18, 2))
    END AS growth_percent,
    is_complete
FROM dated
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, currency, month
