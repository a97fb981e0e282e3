-- metric: revenue_growth
-- answers: By how much does each tenant's revenue grow from one month, or one quarter, to the next?
-- subject: revenue
-- grain: tenant, period_start, currency
-- tables: gold.revenue_monthly, silver.tenants
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
        date_trunc(p.period, d.month) AS period_start,
        sum(d.orders) AS orders,
        sum(d.revenue) AS revenue
    FROM gold.revenue_monthly AS d
    CROSS JOIN (VALUES 'month', 'quarter') AS p (period)
    WHERE p.period = ? /* period */
    GROUP BY d.tenant_id, d.currency, p.period, date_trunc(p.period, d.month)
),
spans AS (
    SELECT
        tenant_id,
        currency,
        period,
        period_start,
        orders,
        revenue,
        lead(period_start) OVER (PARTITION BY tenant_id, currency ORDER BY period_start) AS next_start
    FROM sold
),
-- Each period with those after it in which nothing was sold.
calendar AS (
    SELECT
        s.tenant_id,
        s.currency,
        s.period,
        c.month AS period_start,
        CASE WHEN c.month = s.period_start THEN s.orders ELSE 0 END AS orders,
        CASE WHEN c.month = s.period_start THEN s.revenue ELSE 0 END AS revenue
    FROM spans AS s
    CROSS JOIN UNNEST(
        sequence(s.period_start, coalesce(date_add('month', -1, s.next_start), s.period_start), INTERVAL '1' MONTH)
    ) AS c (month)
    WHERE c.month = date_trunc(s.period, c.month)
),
series AS (
    SELECT
        tenant_id,
        currency,
        period,
        period_start,
        orders,
        revenue,
        lag(revenue) OVER (PARTITION BY tenant_id, currency ORDER BY period_start) AS previous_revenue
    FROM calendar
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
