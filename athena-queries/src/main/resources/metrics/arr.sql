-- metric: arr
-- answers: What do subscriptions bring in a year at the pace of each month?
-- subject: subscriptions
-- grain: tenant, month
-- tables: silver.invoices, silver.subscriptions, silver.tenants
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
WITH clocks AS (
    SELECT
        id AS tenant_id,
        slug,
        currency,
        time_zone,
        date_trunc('month', CAST(at_timezone(current_timestamp, time_zone) AS date)) AS running_month
    FROM silver.tenants
),
invoices AS (
    SELECT
        i.tenant_id,
        i.customer_id,
        i.id,
        i.issued_at,
        i.amount,
        k.running_month,
        date_trunc('month', CAST(at_timezone(with_timezone(i.issued_at, 'UTC'), k.time_zone) AS date)) AS billed_month,
        date_trunc('month', CAST(at_timezone(with_timezone(s.cancelled_at, 'UTC'), k.time_zone) AS date)) AS end_month
    FROM silver.invoices AS i
    JOIN silver.subscriptions AS s ON s.tenant_id = i.tenant_id AND s.id = i.subscription_id
    JOIN clocks AS k ON k.tenant_id = i.tenant_id
    WHERE i.status <> 'void'
),
billed AS (
    SELECT
        tenant_id,
        customer_id,
        billed_month,
        amount,
        row_number() OVER (PARTITION BY tenant_id, customer_id, billed_month ORDER BY issued_at DESC, id DESC) AS place
    FROM invoices
    WHERE billed_month < running_month
        AND (end_month IS NULL OR end_month > billed_month)
),
subscribers AS (
    SELECT tenant_id, billed_month AS month, amount AS mrr
    FROM billed
    WHERE place = 1 AND amount > 0
    UNION ALL
    SELECT s.tenant_id, k.running_month, s.monthly_amount
    FROM silver.subscriptions AS s
    JOIN clocks AS k ON k.tenant_id = s.tenant_id
    WHERE s.status = 'active' AND s.monthly_amount > 0
),
monthly AS (
    SELECT tenant_id, month, count(*) AS customers, sum(mrr) AS mrr
    FROM subscribers
    GROUP BY tenant_id, month
),
spans AS (
    SELECT k.tenant_id, k.slug, k.currency, k.running_month, min(m.month) AS first_month
    FROM clocks AS k
    JOIN monthly AS m ON m.tenant_id = k.tenant_id
    GROUP BY k.tenant_id, k.slug, k.currency, k.running_month
),
series AS (
    SELECT
        s.slug,
        c.month,
        s.currency,
        coalesce(m.customers, 0) AS customers,
        coalesce(m.mrr, 0) AS mrr,
        lag(coalesce(m.mrr, 0)) OVER (PARTITION BY s.tenant_id ORDER BY c.month) AS previous_mrr,
        c.month < s.running_month AS is_complete
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_month, s.running_month, INTERVAL '1' MONTH)) AS c (month)
    LEFT JOIN monthly AS m ON m.tenant_id = s.tenant_id AND m.month = c.month
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
