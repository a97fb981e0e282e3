-- metric: inventory_turnover
-- answers: How often a year does each category sell its stock, and for how many days does the stock last?
-- subject: products
-- grain: tenant, category
-- tables: silver.order_items, silver.orders, silver.products, silver.tenants
-- chart: rank of turnover in times a year by category
-- parameter: days integer(1..3650) = 90; how many days of sales count, up to yesterday in the tenant's time zone
-- note: The shop keeps neither past stock nor past costs. So the stock is the present one in place of the mean of the
--   time, and everything is valued at the products' present unit cost, in the tenant's currency.
-- note: Sold is what is in orders of those days that are neither pending, cancelled nor refunded: goods of a refunded
--   order are back in stock. It is cost_of_goods_sold that counts here, not what was paid.
-- note: turnover is cost_of_goods_sold over stock_value, for a year of 365 days. days_of_stock is how long the stock
--   lasts at that pace. Each is empty where its divisor is zero. Every category that has a product has a row, whether
--   or not it is on sale.
WITH clocks AS (
    SELECT
        t.id AS tenant_id,
        t.time_zone,
        c.days,
        CAST(at_timezone(current_timestamp, t.time_zone) AS date) AS today
    FROM silver.tenants AS t
    CROSS JOIN UNNEST(sequence(1, 3650)) AS c (days)
    WHERE c.days = ? /* days */
),
sold AS (
    SELECT i.tenant_id, i.product_id, sum(i.quantity) AS units
    FROM silver.orders AS o
    JOIN clocks AS k ON k.tenant_id = o.tenant_id
    JOIN silver.order_items AS i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
    WHERE o.status NOT IN ('pending', 'cancelled', 'refunded')
        AND CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), k.time_zone) AS date)
        BETWEEN date_add('day', -k.days, k.today) AND date_add('day', -1, k.today)
    GROUP BY i.tenant_id, i.product_id
),
by_category AS (
    SELECT
        g.tenant_id,
        g.category,
        count(*) AS products,
        sum(g.stock_quantity) AS stock_units,
        sum(g.stock_quantity * g.unit_cost) AS stock_value,
        sum(coalesce(s.units, 0)) AS units_sold,
        sum(coalesce(s.units, 0) * g.unit_cost) AS cost_of_goods_sold
    FROM silver.products AS g
    LEFT JOIN sold AS s ON s.tenant_id = g.tenant_id AND s.product_id = g.id
    GROUP BY g.tenant_id, g.category
)
SELECT
    t.slug AS tenant,
    b.category,
    t.currency,
    b.products,
    b.stock_units,
    b.stock_value,
    b.units_sold,
    b.cost_of_goods_sold,
    CAST(365 * b.cost_of_goods_sold / nullif(b.stock_value * k.days, 0) AS decimal(18, 2)) AS turnover,
    CAST(b.stock_value * k.days / nullif(b.cost_of_goods_sold, 0) AS decimal(18, 2)) AS days_of_stock
FROM by_category AS b
JOIN silver.tenants AS t ON t.id = b.tenant_id
JOIN clocks AS k ON k.tenant_id = b.tenant_id
ORDER BY tenant, b.category
