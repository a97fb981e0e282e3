SELECT
    o.tenant_id,
    o.day,
    i.product_id,
    o.currency,
    count(DISTINCT o.id) AS orders,
    sum(i.quantity) AS units,
    CAST(sum(i.quantity * i.unit_price) AS decimal(18, 2)) AS gross_amount,
    CAST(sum(i.discount_amount) AS decimal(18, 2)) AS discount_amount,
    CAST(sum(i.quantity * i.unit_price - i.discount_amount) AS decimal(18, 2)) AS revenue,
    count(DISTINCT CASE WHEN o.status <> 'refunded' THEN o.id END) AS kept_orders,
    sum(CASE WHEN o.status <> 'refunded' THEN i.quantity ELSE 0 END) AS kept_units,
    CAST(
        sum(CASE WHEN o.status <> 'refunded' THEN i.quantity * i.unit_price - i.discount_amount ELSE 0 END)
        AS decimal(18, 2)
    ) AS kept_revenue,
    date_format(o.day, '%Y-%m') AS month
FROM (
    SELECT
        s.tenant_id,
        s.id,
        s.currency,
        s.status,
        CAST(at_timezone(with_timezone(s.ordered_at, 'UTC'), t.time_zone) AS date) AS day
    FROM silver.orders AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
    WHERE s.status NOT IN ('pending', 'cancelled')
) AS o
JOIN silver.order_items AS i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
GROUP BY o.tenant_id, o.day, i.product_id, o.currency
