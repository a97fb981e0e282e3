-- metric: revenue_by_category
-- answers: What does each category of products bring each tenant?
-- subject: revenue
-- grain: tenant, currency, category
-- tables: gold.product_daily, gold.product_monthly, silver.products, silver.tenants
-- chart: rank of revenue in currency by category
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: Revenue is after discounts, over orders that are neither pending nor cancelled; refunded orders are in it.
-- note: The category is the product's present one, for past sales too; products that are no longer there have none.
-- note: Orders are not counted here, since one order with products of two categories would count twice. The shares of a
--   tenant and currency add up to 100, but for rounding.
WITH sales AS (
    -- include: product_sales
),
by_category AS (
    SELECT
        d.tenant_id,
        d.currency,
        p.category,
        count(DISTINCT d.product_id) AS products,
        sum(d.units) AS units,
        sum(d.gross_amount) AS gross_amount,
        sum(d.discount_amount) AS discount_amount,
        sum(d.revenue) AS revenue
    FROM sales AS d
    LEFT JOIN silver.products AS p ON p.tenant_id = d.tenant_id AND p.id = d.product_id
    GROUP BY d.tenant_id, d.currency, p.category
)
SELECT
    t.slug AS tenant,
    c.currency,
    c.category,
    c.products,
    c.units,
    c.gross_amount,
    c.discount_amount,
    c.revenue,
    CAST(
        100 * c.revenue / nullif(sum(c.revenue) OVER (PARTITION BY c.tenant_id, c.currency), 0) AS decimal(18, 2)
    ) AS share_percent
FROM by_category AS c
JOIN silver.tenants AS t ON t.id = c.tenant_id
ORDER BY tenant, c.currency, c.revenue DESC, c.category
