-- metric: conversion_funnel
-- answers: How many visits end in a purchase, and at which step do the others end?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: silver.events, silver.tenants
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
WITH visits AS (
    SELECT
        tenant_id,
        session_id,
        min(occurred_at) AS began_at,
        max(
            CASE event_type
                WHEN 'product_view' THEN 1
                WHEN 'add_to_cart' THEN 2
                WHEN 'checkout' THEN 3
                WHEN 'purchase' THEN 4
                ELSE 0
            END
        ) AS furthest_step
    FROM silver.events
    -- The partitions are months in UTC: two days more take in every time zone and the whole of a visit at the edge.
    WHERE month >= substr(CAST(CAST(? /* from */ AS date) - INTERVAL '2' DAY AS varchar), 1, 7)
        AND month <= substr(CAST(CAST(? /* to */ AS date) + INTERVAL '2' DAY AS varchar), 1, 7)
    GROUP BY tenant_id, session_id
),
dated AS (
    SELECT
        t.slug,
        p.period,
        CAST(at_timezone(with_timezone(v.began_at, 'UTC'), t.time_zone) AS date) AS day,
        v.furthest_step
    FROM visits AS v
    JOIN silver.tenants AS t ON t.id = v.tenant_id
    CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
),
counted AS (
    SELECT
        slug,
        date_trunc(period, day) AS period_start,
        count(*) AS visits,
        count_if(furthest_step >= 1) AS product_views,
        count_if(furthest_step >= 2) AS carts,
        count_if(furthest_step >= 3) AS checkouts,
        count_if(furthest_step >= 4) AS purchases
    FROM dated
    WHERE day >= CAST(? /* from */ AS date)
        AND day <= CAST(? /* to */ AS date)
    GROUP BY slug, date_trunc(period, day)
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
