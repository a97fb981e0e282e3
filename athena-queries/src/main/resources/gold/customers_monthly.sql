SELECT
    c.tenant_id,
    c.month,
    c.acquired_via,
    count(*) AS new_customers
FROM (
    SELECT
        s.tenant_id,
        s.acquired_via,
        date_trunc('month', CAST(at_timezone(with_timezone(s.created_at, 'UTC'), t.time_zone) AS date)) AS month
    FROM silver.customers AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
) AS c
GROUP BY c.tenant_id, c.month, c.acquired_via
