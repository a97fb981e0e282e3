-- metric: best_sellers
-- answers: Which products does each tenant sell most of?
-- subject: products
-- grain: tenant, currency, place
-- tables: gold.product_daily, gold.product_monthly, silver.products, silver.tenants
-- chart: rank of revenue in currency by product
-- parameter: by choice(revenue|units) = revenue; what the places are given for
-- parameter: places integer(1..1000) = 10; how many products to show for each tenant and currency
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: Revenue is after discounts, over orders that are neither pending nor cancelled; refunded orders are in it.
-- note: Name and category are the product's present ones. A product that is no longer there keeps its place, without
--   them.
-- note: Products with equal figures are placed by their ids, so that the same data gives the same list.
WITH sales AS (
    -- include: product_sales
),
sold AS (
    SELECT
        tenant_id,
        product_id,
        currency,
        sum(orders) AS orders,
        sum(units) AS units,
        sum(revenue) AS revenue
    FROM sales
    GROUP BY tenant_id, product_id, currency
),
placed AS (
    SELECT
        s.tenant_id,
        s.product_id,
        s.currency,
        s.orders,
        s.units,
        s.revenue,
        row_number() OVER (
            PARTITION BY s.tenant_id, s.currency
            ORDER BY
                CASE c.criterion WHEN 'units' THEN CAST(s.units AS decimal(38, 2)) ELSE s.revenue END DESC,
                s.product_id
        ) AS place
    FROM sold AS s
    CROSS JOIN (VALUES 'revenue', 'units') AS c (criterion)
    WHERE c.criterion = ? /* by */
)
SELECT
    t.slug AS tenant,
    s.currency,
    s.place,
    s.product_id,
    p.sku,
    p.name AS product,
    p.category,
    s.orders,
    s.units,
    s.revenue
FROM placed AS s
JOIN silver.tenants AS t ON t.id = s.tenant_id
LEFT JOIN silver.products AS p ON p.tenant_id = s.tenant_id AND p.id = s.product_id
WHERE s.place <= ? /* places */
ORDER BY tenant, s.currency, s.place
