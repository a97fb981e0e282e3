SELECT
    m.tenant_id,
    m.currency,
    m.cohort_month,
    m.month,
    count(*) AS active_customers,
    CAST(sum(m.revenue) AS decimal(18, 2)) AS revenue
FROM (
    SELECT
        o.tenant_id,
        o.currency,
        o.month,
        sum(o.total_amount) AS revenue,
        min(o.month) OVER (PARTITION BY o.tenant_id, o.currency, o.customer_id) AS cohort_month
    FROM (
        SELECT
            s.tenant_id,
            s.currency,
            s.customer_id,
            s.total_amount,
            date_trunc('month', CAST(at_timezone(with_timezone(s.ordered_at, 'UTC'), t.time_zone) AS date)) AS month
        FROM silver.orders AS s
        JOIN silver.tenants AS t ON t.id = s.tenant_id
        WHERE s.status NOT IN ('pending', 'cancelled')
    ) AS o
    GROUP BY o.tenant_id, o.currency, o.customer_id, o.month
) AS m
GROUP BY m.tenant_id, m.currency, m.cohort_month, m.month
