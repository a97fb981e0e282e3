-- metric: customer_cohorts
-- answers: Of the customers who first bought in a month, how many still buy months later, and what have they brought?
-- subject: customers
-- grain: tenant, currency, cohort_month, months_since
-- tables: silver.orders, silver.tenants
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
WITH purchases AS (
    SELECT
        o.tenant_id,
        o.currency,
        o.customer_id,
        date_trunc('month', CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date)) AS sales_month,
        sum(o.total_amount) AS revenue
    FROM silver.orders AS o
    JOIN silver.tenants AS t ON t.id = o.tenant_id
    WHERE o.status NOT IN ('pending', 'cancelled')
    GROUP BY
        o.tenant_id,
        o.currency,
        o.customer_id,
        date_trunc('month', CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date))
),
members AS (
    SELECT
        tenant_id,
        currency,
        sales_month,
        revenue,
        min(sales_month) OVER (PARTITION BY tenant_id, currency, customer_id) AS cohort_month
    FROM purchases
),
activity AS (
    SELECT tenant_id, currency, cohort_month, sales_month, count(*) AS active_customers, sum(revenue) AS revenue
    FROM members
    GROUP BY tenant_id, currency, cohort_month, sales_month
),
spans AS (
    SELECT tenant_id, currency, max(sales_month) AS last_month
    FROM members
    GROUP BY tenant_id, currency
),
cohorts AS (
    SELECT tenant_id, currency, cohort_month, count_if(sales_month = cohort_month) AS cohort_size
    FROM members
    GROUP BY tenant_id, currency, cohort_month
),
calendar AS (
    SELECT h.tenant_id, h.currency, h.cohort_month, h.cohort_size, c.month
    FROM cohorts AS h
    JOIN spans AS s ON s.tenant_id = h.tenant_id AND s.currency = h.currency
    CROSS JOIN UNNEST(sequence(h.cohort_month, s.last_month, INTERVAL '1' MONTH)) AS c (month)
),
filled AS (
    SELECT
        c.tenant_id,
        c.currency,
        c.cohort_month,
        c.cohort_size,
        c.month,
        coalesce(a.active_customers, 0) AS active_customers,
        coalesce(a.revenue, 0) AS revenue,
        sum(coalesce(a.revenue, 0)) OVER (PARTITION BY c.tenant_id, c.currency, c.cohort_month ORDER BY c.month)
            AS revenue_to_date
    FROM calendar AS c
    LEFT JOIN activity AS a
        ON a.tenant_id = c.tenant_id
        AND a.currency = c.currency
        AND a.cohort_month = c.cohort_month
        AND a.sales_month = c.month
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
