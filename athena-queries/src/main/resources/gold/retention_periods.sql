SELECT
    v.tenant_id,
    v.period,
    v.period_start,
    count(*) AS active_customers,
    count_if(v.last_time IS NULL) AS new_customers,
    count_if(v.last_time = date_add(v.period, -1, v.period_start)) AS retained_customers,
    count_if(v.last_time < date_add(v.period, -1, v.period_start)) AS returned_customers
FROM (
    SELECT
        b.tenant_id,
        b.period,
        b.period_start,
        lag(b.period_start) OVER (PARTITION BY b.tenant_id, b.customer_id, b.period ORDER BY b.period_start) AS last_time
    FROM (
        SELECT DISTINCT
            o.tenant_id,
            o.customer_id,
            p.period,
            date_trunc(
                p.period, CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date)
            ) AS period_start
        FROM silver.orders AS o
        JOIN silver.tenants AS t ON t.id = o.tenant_id
        CROSS JOIN (VALUES 'month', 'quarter', 'year') AS p (period)
        WHERE o.status NOT IN ('pending', 'cancelled')
    ) AS b
) AS v
GROUP BY v.tenant_id, v.period, v.period_start
