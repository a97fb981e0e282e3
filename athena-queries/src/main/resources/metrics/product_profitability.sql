-- metric: product_profitability
-- answers: What does each tenant earn on each product, after its cost?
-- subject: products
-- grain: tenant, product_id
-- tables: gold.product_daily, gold.product_monthly, silver.products, silver.tenants
-- chart: rank of profit in currency by product
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: Revenue is after discounts, over orders that are neither pending, cancelled nor refunded: a refunded order
--   brought nothing, and its goods are back in stock. So it is less than the revenue of best_sellers, which holds them.
-- note: The shop keeps no past costs: cost is units at the product's present unit cost, for past sales too. Shipping,
--   fees and overhead are not in it.
-- note: Costs are in the tenant's currency; orders in another one have no cost to be set against and are left out. A
--   product that sold nothing has no row. Of a product that is no longer there, cost and profit are empty.
WITH sales AS (
    -- include: product_sales
),
sold AS (
    SELECT
        s.tenant_id,
        s.product_id,
        sum(s.kept_orders) AS orders,
        sum(s.kept_units) AS units,
        sum(s.kept_revenue) AS revenue
    FROM sales AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id AND t.currency = s.currency
    -- Of a product whose sales were all refunded there is nothing to say.
    WHERE s.kept_orders > 0
    GROUP BY s.tenant_id, s.product_id
),
costed AS (
    SELECT
        s.tenant_id,
        s.product_id,
        g.sku,
        g.name AS product,
        g.category,
        s.orders,
        s.units,
        s.revenue,
        s.units * g.unit_cost AS cost,
        s.revenue - s.units * g.unit_cost AS profit
    FROM sold AS s
    LEFT JOIN silver.products AS g ON g.tenant_id = s.tenant_id AND g.id = s.product_id
)
SELECT
    t.slug AS tenant,
    t.currency,
    c.product_id,
    c.sku,
    c.product,
    c.category,
    c.orders,
    c.units,
    c.revenue,
    c.cost,
    c.profit,
    CAST(100 * c.profit / nullif(c.revenue, 0) AS decimal(18, 2)) AS margin_percent
FROM costed AS c
JOIN silver.tenants AS t ON t.id = c.tenant_id
ORDER BY tenant, c.profit DESC NULLS LAST, c.product_id
