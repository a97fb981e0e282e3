SELECT
    s.tenant_id,
    s.month,
    p.category,
    s.currency,
    sum(s.units) AS units,
    CAST(sum(s.revenue) AS decimal(18, 2)) AS revenue,
    sum(s.kept_units) AS kept_units,
    CAST(sum(s.kept_revenue) AS decimal(18, 2)) AS kept_revenue,
    CAST(sum(s.kept_units * p.unit_cost) AS decimal(18, 2)) AS kept_cost
FROM gold.product_monthly AS s
LEFT JOIN silver.products AS p ON p.tenant_id = s.tenant_id AND p.id = s.product_id
GROUP BY s.tenant_id, s.month, p.category, s.currency
