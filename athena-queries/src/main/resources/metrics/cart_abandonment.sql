-- metric: cart_abandonment
-- answers: How many filled carts are left behind, at which step, and what was in them?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: silver.events, silver.products, silver.tenants
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
WITH visits AS (
    SELECT
        e.tenant_id,
        e.session_id,
        min(e.occurred_at) AS began_at,
        max(
            CASE e.event_type
                WHEN 'product_view' THEN 1
                WHEN 'add_to_cart' THEN 2
                WHEN 'checkout' THEN 3
                WHEN 'purchase' THEN 4
                ELSE 0
            END
        ) AS furthest_step,
        sum(
            CASE
                WHEN e.event_type = 'add_to_cart'
                    THEN coalesce(TRY_CAST(json_extract_scalar(e.properties, '$.quantity') AS bigint), 1) * g.unit_price
            END
        ) AS cart_value
    FROM silver.events AS e
    LEFT JOIN silver.products AS g ON g.tenant_id = e.tenant_id AND g.id = e.product_id
    -- The partitions are months in UTC: two days more take in every time zone and the whole of a visit at the edge.
    WHERE e.month >= substr(CAST(CAST(? /* from */ AS date) - INTERVAL '2' DAY AS varchar), 1, 7)
        AND e.month <= substr(CAST(CAST(? /* to */ AS date) + INTERVAL '2' DAY AS varchar), 1, 7)
    GROUP BY e.tenant_id, e.session_id
),
dated AS (
    SELECT
        t.slug,
        t.currency,
        p.period,
        CAST(at_timezone(with_timezone(v.began_at, 'UTC'), t.time_zone) AS date) AS day,
        v.furthest_step,
        coalesce(v.cart_value, 0) AS cart_value
    FROM visits AS v
    JOIN silver.tenants AS t ON t.id = v.tenant_id
    CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
        AND v.furthest_step >= 2
),
counted AS (
    SELECT
        slug,
        currency,
        date_trunc(period, day) AS period_start,
        count(*) AS carts,
        count_if(furthest_step < 4) AS abandoned_carts,
        count_if(furthest_step = 3) AS abandoned_at_checkout,
        sum(CASE WHEN furthest_step < 4 THEN cart_value ELSE 0 END) AS abandoned_value
    FROM dated
    WHERE day >= CAST(? /* from */ AS date)
        AND day <= CAST(? /* to */ AS date)
    GROUP BY slug, currency, date_trunc(period, day)
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
