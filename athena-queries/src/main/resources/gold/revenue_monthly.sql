SELECT
    o.tenant_id,
    o.month,
    o.currency,
    count(*) AS orders,
    CAST(sum(o.total_amount) AS decimal(18, 2)) AS revenue,
    CAST(sum(CASE WHEN o.status = 'refunded' THEN o.total_amount ELSE 0 END) AS decimal(18, 2)) AS refunds
FROM (
    SELECT
        s.tenant_id,
        s.currency,
        s.status,
        s.total_amount,
        date_trunc('month', CAST(at_timezone(with_timezone(s.ordered_at, 'UTC'), t.time_zone) AS date)) AS month
    FROM silver.orders AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
    WHERE s.status NOT IN ('pending', 'cancelled')
) AS o
GROUP BY o.tenant_id, o.month, o.currency
