-- metric: revenue_growth
-- answers: By how much does each tenant's revenue grow from one month, or one quarter, to the next?
-- subject: revenue
-- grain: tenant, period_start, currency
-- tables: gold.revenue_daily, silver.tenants
-- chart: bars of growth_percent in percent by period_start
-- parameter: period choice(month|quarter) = month; how long a period is
-- parameter: from date = 1970-01-01; a day of the first period to show; its growth is over the period before it
-- parameter: to date = 2999-12-31; a day of the last period to show
-- note: Growth is over the calendar period before, not over the last one that had a sale: a period without one counts
--   as zero, from the tenant's first period of sales to its last.
-- note: There is no growth for a first period, over a period without revenue, or for a period that is not over in the
--   tenant's time zone (is_complete is false), since part of a period is not comparable with a whole one.
-- note: A first period in which the tenant began to sell in the middle makes the growth of the second look large.
WITH sold AS (
    SELECT
        d.tenant_id,
        d.currency,
        p.period,
        date_trunc(p.period, d.day) AS period_start,
        sum(d.orders) AS orders,
        sum(d.revenue) AS revenue
    FROM gold.revenue_daily AS d
    CROSS JOIN (VALUES 'month', 'quarter') AS p (period)
    WHERE p.period = ? /* period */
    GROUP BY d.tenant_id, d.currency, p.period, date_trunc(p.period, d.day)
),
spans AS (
    SELECT tenant_id, currency, period, min(period_start) AS first_period, max(period_start) AS last_period
    FROM sold
    GROUP BY tenant_id, currency, period
),
calendar AS (
    SELECT s.tenant_id, s.currency, s.period, c.month AS period_start
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_period, s.last_period, INTERVAL '1' MONTH)) AS c (month)
    WHERE c.month = date_trunc(s.period, c.month)
),
series AS (
    SELECT
        c.tenant_id,
        c.currency,
        c.period,
        c.period_start,
        coalesce(m.orders, 0) AS orders,
        coalesce(m.revenue, 0) AS revenue,
        lag(coalesce(m.revenue, 0)) OVER (PARTITION BY c.tenant_id, c.currency ORDER BY c.period_start)
            AS previous_revenue
    FROM calendar AS c
    LEFT JOIN sold AS m
        ON m.tenant_id = c.tenant_id AND m.currency = c.currency AND m.period_start = c.period_start
),
dated AS (
    SELECT
        t.slug,
        s.period,
        s.period_start,
        s.currency,
        s.orders,
        s.revenue,
        s.previous_revenue,
        date_trunc(s.period, CAST(at_timezone(current_timestamp, t.time_zone) AS date)) > s.period_start AS is_complete
    FROM series AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
)
SELECT
    slug AS tenant,
    period_start,
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
WHERE period_start >= date_trunc(period, CAST(? /* from */ AS date))
    AND period_start <= CAST(? /* to */ AS date)
ORDER BY tenant, currency, period_start
