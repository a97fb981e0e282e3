-- metric: arr
-- answers: What do subscriptions bring in a year at the pace of each month?
-- subject: subscriptions
-- grain: tenant, month
-- tables: gold.recurring_monthly, silver.tenants
-- chart: line of arr in currency by month
-- parameter: from date = 1970-01-01; a day of the first month to show; its growth is over the month before it
-- parameter: to date = 2999-12-31; a day of the last month to show
-- note: Annual recurring revenue is twelve times the monthly recurring revenue at the end of the month, the closing_mrr
--   of mrr_movements: what was billed for subscriptions in months that are over, and in the running month (is_complete
--   is false) the monthly amounts of the active subscriptions. Orders are not in it, nor is it a forecast.
-- note: growth_percent is over the month before. It is empty for a first month, over a month without recurring revenue,
--   and for a month that is not over in the tenant's time zone.
-- note: Subscriptions carry no currency: they are in the tenant's. A month without subscribers has a row with zeros,
--   from the tenant's first month of recurring revenue to the present.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH months AS (
    -- include: recurring_months
),
series AS (
    SELECT
        slug,
        month,
        currency,
        customers,
        mrr,
        lag(mrr) OVER (PARTITION BY tenant_id ORDER BY month) AS previous_mrr,
        is_complete
    FROM months
)
SELECT
    slug AS tenant,
    month,
    currency,
    customers,
    mrr,
    12 * mrr AS arr,
    CAST(12 * mrr / nullif(customers, 0) AS decimal(18, 2)) AS arr_per_customer,
    CASE
        WHEN is_complete AND previous_mrr > 0
            THEN CAST(100 * (mrr - previous_mrr) / previous_mrr AS decimal(18, 2))
    END AS growth_percent,
    is_complete
FROM series
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, month
