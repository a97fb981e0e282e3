-- metric: conversion_funnel
-- answers: How many visits end in a purchase, and at which step do the others end?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: gold.visits_daily, gold.visits_monthly, silver.tenants
-- chart: funnel of visits, product_views, carts, checkouts, purchases in visits
-- chart: line of conversion_percent in percent by period_start
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A visit is a session. It counts once, in the period in which it began by the calendar of the tenant's time
--   zone, with all of its events, and at the furthest step that it reached: one that bought has viewed, filled a cart
--   and gone to the checkout, whether or not each of these events was recorded. So no step has more visits than the one
--   before.
-- note: conversion_percent is purchases over all visits; cart_abandonment_percent is the part of the visits with a cart
--   that did not buy. Both are of visits, not of customers: one who comes three times and buys once counts three times.
WITH begun AS (
    -- include: visits_of_periods
),
counted AS (
    SELECT
        t.slug,
        date_trunc(p.period, d.day) AS period_start,
        sum(d.visits) AS visits,
        sum(d.viewing_visits) AS product_views,
        sum(d.cart_visits) AS carts,
        sum(d.checkout_visits) AS checkouts,
        sum(d.purchase_visits) AS purchases
    FROM begun AS d
    JOIN silver.tenants AS t ON t.id = d.tenant_id
    CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
    GROUP BY t.slug, date_trunc(p.period, d.day)
)
SELECT
    slug AS tenant,
    period_start,
    visits,
    product_views,
    carts,
    checkouts,
    purchases,
    CAST(CAST(100 * purchases AS decimal(18, 2)) / visits AS decimal(5, 2)) AS conversion_percent,
    CAST(
        CAST(100 * (carts - purchases) AS decimal(18, 2)) / nullif(carts, 0) AS decimal(5, 2)
    ) AS cart_abandonment_percent
FROM counted
ORDER BY tenant, period_start
