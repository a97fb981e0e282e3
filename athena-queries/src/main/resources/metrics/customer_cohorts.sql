-- metric: customer_cohorts
-- answers: Of the customers who first bought in a month, how many still buy months later, and what have they brought?
-- subject: customers
-- grain: tenant, currency, cohort_month, months_since
-- tables: gold.cohorts_monthly, silver.tenants
-- chart: heatmap of retention_percent in percent by months_since per cohort_month
-- parameter: from date = 1970-01-01; a day of the first cohort's month
-- parameter: to date = 2999-12-31; a day of the last cohort's month
-- note: A customer's cohort is the month of the first order that is neither pending nor cancelled, by the calendar of
--   the tenant's time zone. Who buys in two currencies is in a cohort of each. A cohort changes when its customers'
--   first order is cancelled later.
-- note: Month 0 is the cohort's own. A month in which none of the cohort bought is there with zeros, up to the last
--   month in which the tenant sold anything in that currency. The last may not be over: see is_complete.
-- note: Revenue is that of revenue_by_tenant: refunded orders are in it. revenue_per_customer is the revenue from month
--   0 to this one over all customers of the cohort.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH activity AS (
    SELECT
        tenant_id,
        currency,
        cohort_month,
        month,
        active_customers,
        revenue,
        max(CASE WHEN month = cohort_month THEN active_customers END)
            OVER (PARTITION BY tenant_id, currency, cohort_month) AS cohort_size,
        lead(month) OVER (PARTITION BY tenant_id, currency, cohort_month ORDER BY month) AS next_month,
        max(month) OVER (PARTITION BY tenant_id, currency) AS last_month
    FROM gold.cohorts_monthly
),
-- Each month with the months after it in which none of the cohort bought.
filled AS (
    SELECT
        a.tenant_id,
        a.currency,
        a.cohort_month,
        a.cohort_size,
        c.month,
        CASE WHEN c.month = a.month THEN a.active_customers ELSE 0 END AS active_customers,
        CASE WHEN c.month = a.month THEN a.revenue ELSE 0 END AS revenue,
        sum(CASE WHEN c.month = a.month THEN a.revenue ELSE 0 END)
            OVER (PARTITION BY a.tenant_id, a.currency, a.cohort_month ORDER BY c.month) AS revenue_to_date
    FROM activity AS a
    CROSS JOIN UNNEST(
        sequence(a.month, coalesce(date_add('month', -1, a.next_month), a.last_month), INTERVAL '1' MONTH)
    ) AS c (month)
)
SELECT
    t.slug AS tenant,
    f.currency,
    f.cohort_month,
    date_diff('month', f.cohort_month, f.month) AS months_since,
    f.cohort_size,
    f.active_customers,
    CAST(CAST(100 * f.active_customers AS decimal(18, 2)) / f.cohort_size AS decimal(5, 2)) AS retention_percent,
    f.revenue,
    f.revenue_to_date,
    CAST(f.revenue_to_date / f.cohort_size AS decimal(18, 2)) AS revenue_per_customer,
    date_add('month', 1, f.month) <= CAST(at_timezone(current_timestamp, t.time_zone) AS date) AS is_complete
FROM filled AS f
JOIN silver.tenants AS t ON t.id = f.tenant_id
WHERE f.cohort_month >= date_trunc('month', CAST(? /* from */ AS date))
    AND f.cohort_month <= CAST(? /* to */ AS date)
ORDER BY tenant, f.currency, f.cohort_month, months_since
