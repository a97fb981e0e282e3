SELECT
    c.tenant_id,
    c.day,
    c.acquired_via,
    count(*) AS new_customers,
    date_format(c.day, '%Y-%m') AS month
FROM (
    SELECT
        s.tenant_id,
        s.acquired_via,
        CAST(at_timezone(with_timezone(s.created_at, 'UTC'), t.time_zone) AS date) AS day
    FROM silver.customers AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
) AS c
GROUP BY c.tenant_id, c.day, c.acquired_via
