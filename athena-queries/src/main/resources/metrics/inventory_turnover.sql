-- metric: inventory_turnover
-- answers: How often a year does each category sell its stock, and for how many days does the stock last?
-- subject: products
-- grain: tenant, category
-- tables: gold.category_daily, gold.category_monthly, silver.products, silver.tenants
-- chart: rank of turnover in times a year by category
-- parameter: days integer(1..3650) = 90; how many days of sales count, up to yesterday in the tenant's time zone
-- note: The shop keeps neither past stock nor past costs. So the stock is the present one in place of the mean of the
--   time, and everything is valued at the products' present unit cost, in the tenant's currency.
-- note: Sold is what is in orders of those days that are neither pending, cancelled nor refunded: goods of a refunded
--   order are back in stock. It is cost_of_goods_sold that counts here, not what was paid.
-- note: turnover is cost_of_goods_sold over stock_value, for a year of 365 days. days_of_stock is how long the stock
--   lasts at that pace. Each is empty where its divisor is zero. Every category that has a product has a row, whether
--   or not it is on sale.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH clocks AS (
    SELECT
        t.id AS tenant_id,
        t.slug,
        t.currency,
        c.days,
        date_add('day', -c.days, CAST(at_timezone(current_timestamp, t.time_zone) AS date)) AS first_day,
        date_add('day', -1, CAST(at_timezone(current_timestamp, t.time_zone) AS date)) AS last_day
    FROM silver.tenants AS t
    CROSS JOIN UNNEST(sequence(1, 3650)) AS c (days)
    WHERE c.days = ? /* days */
),
sales AS (
    SELECT tenant_id, category, month AS day, true AS is_month, kept_units, kept_cost
    FROM gold.category_monthly
    UNION ALL
    SELECT tenant_id, category, day, false AS is_month, kept_units, kept_cost
    FROM gold.category_daily
    -- The months in which the time begins and ends; every tenant's day lies within one of UTC's.
    WHERE month IN (
        date_format(date_add('day', -CAST(? /* days */ AS bigint) - 1, at_timezone(current_timestamp, 'UTC')), '%Y-%m'),
        date_format(date_add('day', -CAST(? /* days */ AS bigint) + 1, at_timezone(current_timestamp, 'UTC')), '%Y-%m'),
        date_format(date_add('day', -2, at_timezone(current_timestamp, 'UTC')), '%Y-%m'),
        date_format(at_timezone(current_timestamp, 'UTC'), '%Y-%m')
    )
),
sold AS (
    SELECT s.tenant_id, s.category, sum(s.kept_units) AS units, sum(s.kept_cost) AS cost
    FROM sales AS s
    JOIN clocks AS k ON k.tenant_id = s.tenant_id
    WHERE s.day BETWEEN k.first_day AND k.last_day
        -- A month that is whole counts as one, and any other by its days.
        AND s.is_month = (date_trunc('month', s.day) >= k.first_day AND last_day_of_month(s.day) <= k.last_day)
    GROUP BY s.tenant_id, s.category
),
stocks AS (
    SELECT
        tenant_id,
        category,
        count(*) AS products,
        sum(stock_quantity) AS stock_units,
        sum(stock_quantity * unit_cost) AS stock_value
    FROM silver.products
    GROUP BY tenant_id, category
),
by_category AS (
    SELECT
        g.tenant_id,
        g.category,
        g.products,
        g.stock_units,
        g.stock_value,
        coalesce(s.units, 0) AS units_sold,
        coalesce(s.cost, 0) AS cost_of_goods_sold
    FROM stocks AS g
    LEFT JOIN sold AS s ON s.tenant_id = g.tenant_id AND s.category = g.category
)
SELECT
    k.slug AS tenant,
    b.category,
    k.currency,
    b.products,
    b.stock_units,
    b.stock_value,
    b.units_sold,
    b.cost_of_goods_sold,
    CAST(365 * b.cost_of_goods_sold / nullif(b.stock_value * k.days, 0) AS decimal(18, 2)) AS turnover,
    CAST(b.stock_value * k.days / nullif(b.cost_of_goods_sold, 0) AS decimal(18, 2)) AS days_of_stock
FROM by_category AS b
JOIN clocks AS k ON k.tenant_id = b.tenant_id
ORDER BY tenant, b.category
