-- metric: category_trends
-- answers: Which categories gain and which lose, month by month?
-- subject: products
-- grain: tenant, currency, category, month
-- tables: gold.category_monthly, silver.tenants
-- chart: stack of share_percent in percent by month per category
-- parameter: from date = 1970-01-01; a day of the first month to show; its change is over the month before it
-- parameter: to date = 2999-12-31; a day of the last month to show
-- note: share_percent is the category's part of what the tenant sold in the month, share_change how many percentage
--   points it gained over the month before: it tells a category that grows from a tenant that grows.
-- note: A category that sold nothing in a month counts as zero there, from the tenant's first month of sales to its
--   last.
-- note: Revenue is after discounts, over orders that are neither pending nor cancelled. The category is the product's
--   present one. growth_percent is empty where is_complete is false: that month is not over in the tenant's time zone.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH spans AS (
    SELECT
        tenant_id,
        currency,
        category,
        month,
        units,
        revenue,
        lag(month) OVER (PARTITION BY tenant_id, currency, category ORDER BY month) AS previous_month,
        lead(month) OVER (PARTITION BY tenant_id, currency, category ORDER BY month) AS next_month,
        min(month) OVER (PARTITION BY tenant_id, currency) AS first_month,
        max(month) OVER (PARTITION BY tenant_id, currency) AS last_month
    FROM gold.category_monthly
),
-- Each month with those after it, and before the first, in which the category sold nothing.
calendar AS (
    SELECT
        s.tenant_id,
        s.currency,
        s.category,
        c.month,
        CASE WHEN c.month = s.month THEN s.units ELSE 0 END AS units,
        CASE WHEN c.month = s.month THEN s.revenue ELSE 0 END AS revenue
    FROM spans AS s
    CROSS JOIN UNNEST(
        sequence(
            CASE WHEN s.previous_month IS NULL THEN s.first_month ELSE s.month END,
            coalesce(date_add('month', -1, s.next_month), s.last_month),
            INTERVAL '1' MONTH
        )
    ) AS c (month)
),
filled AS (
    SELECT
        c.tenant_id,
        c.currency,
        c.category,
        c.month,
        c.units,
        c.revenue,
        sum(c.revenue) OVER (PARTITION BY c.tenant_id, c.currency, c.month) AS month_revenue
    FROM calendar AS c
),
shared AS (
    SELECT
        tenant_id,
        currency,
        category,
        month,
        units,
        revenue,
        CAST(100 * revenue / nullif(month_revenue, 0) AS decimal(18, 2)) AS share_percent
    FROM filled
),
series AS (
    SELECT
        tenant_id,
        currency,
        category,
        month,
        units,
        revenue,
        share_percent,
        lag(revenue) OVER (PARTITION BY tenant_id, currency, category ORDER BY month) AS previous_revenue,
        lag(share_percent) OVER (PARTITION BY tenant_id, currency, category ORDER BY month) AS previous_share
    FROM shared
),
dated AS (
    SELECT
        t.slug,
        s.currency,
        s.category,
        s.month,
        s.units,
        s.revenue,
        s.previous_revenue,
        s.share_percent,
        s.previous_share,
        date_add('month', 1, s.month) <= CAST(at_timezone(current_timestamp, t.time_zone) AS date) AS is_complete
    FROM series AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
)
SELECT
    slug AS tenant,
    currency,
    category,
    month,
    units,
    revenue,
    CASE
        WHEN is_complete AND previous_revenue > 0
            THEN CAST(100 * (revenue - previous_revenue) / previous_revenue AS decimal(18, 2))
    END AS growth_percent,
    share_percent,
    share_percent - previous_share AS share_change,
    is_complete
FROM dated
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, currency, category, month
