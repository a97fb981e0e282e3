-- metric: cart_abandonment
-- answers: How many filled carts are left behind, at which step, and what was in them?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: gold.visits_daily, gold.visits_monthly, silver.products, silver.tenants
-- chart: line of abandonment_percent in percent by period_start
-- chart: bars of abandoned_value in currency by period_start
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A cart is a visit that put something into the cart or got further, as in conversion_funnel, and the percentages
--   are equal. It is abandoned if the same visit has no purchase. Buying in a later visit does not undo it, and a visit
--   that is still going on counts as abandoned until it buys.
-- note: A cart counts once, in the period in which its visit began by the calendar of the tenant's time zone. A period
--   without one has no row.
-- note: abandoned_value is what was put into those carts, quantity times the product's present price, in the tenant's
--   currency. The shop does not record what was taken out again, nor the price at that time. An event without a whole
--   number as its quantity counts as one piece.
WITH begun AS (
    -- include: visits_of_periods
),
counted AS (
    SELECT
        t.slug,
        t.currency,
        date_trunc(p.period, d.day) AS period_start,
        -- A day or month has a row for each product that was left behind; its visits count in the first.
        sum(CASE WHEN coalesce(a.place, 1) = 1 THEN d.cart_visits ELSE 0 END) AS carts,
        sum(CASE WHEN coalesce(a.place, 1) = 1 THEN d.cart_visits - d.purchase_visits ELSE 0 END) AS abandoned_carts,
        sum(CASE WHEN coalesce(a.place, 1) = 1 THEN d.checkout_visits - d.purchase_visits ELSE 0 END)
            AS abandoned_at_checkout,
        coalesce(sum(a.units * g.unit_price), 0) AS abandoned_value
    FROM begun AS d
    JOIN silver.tenants AS t ON t.id = d.tenant_id
    LEFT JOIN UNNEST(d.abandoned_products) WITH ORDINALITY AS a (product_id, units, place) ON true
    LEFT JOIN silver.products AS g ON g.tenant_id = d.tenant_id AND g.id = a.product_id
    CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
        AND d.cart_visits > 0
    GROUP BY t.slug, t.currency, date_trunc(p.period, d.day)
)
SELECT
    slug AS tenant,
    period_start,
    currency,
    carts,
    abandoned_carts,
    abandoned_at_checkout,
    CAST(CAST(100 * abandoned_carts AS decimal(18, 2)) / carts AS decimal(5, 2)) AS abandonment_percent,
    abandoned_value,
    CAST(abandoned_value / nullif(abandoned_carts, 0) AS decimal(18, 2)) AS average_abandoned_value
FROM counted
ORDER BY tenant, period_start
