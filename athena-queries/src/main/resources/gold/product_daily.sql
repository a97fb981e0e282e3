-- How each product of a tenant sold on a day, by currency: the items of the orders that count.
SELECT
    d.tenant_id,
    d.day,
    i.product_id,
    d.currency,
    count(DISTINCT d.order_id) AS orders,
    sum(i.quantity) AS units,
    CAST(sum(i.quantity * i.unit_price) AS decimal(18, 2)) AS gross_amount,
    CAST(sum(i.discount_amount) AS decimal(18, 2)) AS discount_amount,
    CAST(sum(i.quantity * i.unit_price) - sum(i.discount_amount) AS decimal(18, 2)) AS revenue,
    date_format(d.day, '%Y-%m') AS month
FROM (
    SELECT
        o.tenant_id,
        o.id AS order_id,
        CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date) AS day,
        o.currency
    FROM silver.orders AS o
    JOIN silver.tenants AS t ON t.id = o.tenant_id
    WHERE o.status NOT IN ('pending', 'cancelled')
) AS d
JOIN silver.order_items AS i ON i.tenant_id = d.tenant_id AND i.order_id = d.order_id
GROUP BY d.tenant_id, d.day, i.product_id, d.currency
