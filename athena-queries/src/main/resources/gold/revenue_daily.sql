-- What a tenant's customers bought on a day, by currency. Pending and cancelled orders count for nothing.
SELECT
    o.tenant_id,
    CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date) AS day,
    o.currency,
    count(*) AS orders,
    CAST(sum(o.total_amount) AS decimal(18, 2)) AS revenue,
    CAST(sum(CASE WHEN o.status = 'refunded' THEN o.total_amount ELSE 0 END) AS decimal(18, 2)) AS refunds,
    CAST(sum(o.total_amount) / count(*) AS decimal(18, 2)) AS average_order_value
FROM silver.orders AS o
JOIN silver.tenants AS t ON t.id = o.tenant_id
WHERE o.status NOT IN ('pending', 'cancelled')
GROUP BY o.tenant_id, CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date), o.currency
