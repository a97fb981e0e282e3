-- gold.visits_daily, as silver has it: the same columns, and the same rows, of one query. A visit begins with an event
-- before which its session had none for 48 hours, and has all events of the session in the 48 hours from then on. Each
-- expression is used once: the engine would work it out as often as it is named.
WITH ordered AS (
    SELECT
        tenant_id,
        session_id,
        id,
        event_type,
        customer_id,
        product_id,
        properties,
        occurred_at,
        lag(occurred_at) OVER (PARTITION BY tenant_id, session_id ORDER BY occurred_at, id) AS previous_at,
        lag(event_type) OVER (PARTITION BY tenant_id, session_id ORDER BY occurred_at, id) AS previous_type
    FROM silver.events
),
marked AS (
    SELECT
        tenant_id,
        session_id,
        id,
        event_type,
        customer_id,
        product_id,
        properties,
        occurred_at,
        previous_type,
        previous_at IS NULL OR previous_at <= occurred_at - INTERVAL '48' HOUR AS is_first
    FROM ordered
),
placed AS (
    SELECT
        tenant_id,
        session_id,
        id,
        event_type,
        customer_id,
        product_id,
        properties,
        occurred_at,
        is_first OR event_type <> previous_type AS is_step,
        max(CASE WHEN is_first THEN occurred_at END) OVER (
            PARTITION BY tenant_id, session_id ORDER BY occurred_at, id
        ) AS began_at
    FROM marked
),
visits AS (
    SELECT
        p.tenant_id,
        p.session_id,
        p.began_at,
        CAST(at_timezone(with_timezone(p.began_at, 'UTC'), t.time_zone) AS date) AS day,
        count(*) AS events,
        count(p.customer_id) > 0 AS is_known,
        count_if(p.event_type = 'product_view') AS product_view_events,
        date_diff('second', date_trunc('second', p.began_at), date_trunc('second', max(p.occurred_at))) AS seconds,
        max(
            CASE p.event_type
                WHEN 'product_view' THEN 1
                WHEN 'add_to_cart' THEN 2
                WHEN 'checkout' THEN 3
                WHEN 'purchase' THEN 4
                ELSE 0
            END
        ) AS furthest_step,
        array_join(array_agg(p.event_type ORDER BY p.occurred_at, p.id) FILTER (WHERE p.is_step), ' > ') AS journey,
        -- A quantity that is no whole number counts as one piece.
        array_agg(
            ROW (p.product_id, coalesce(TRY_CAST(json_extract_scalar(p.properties, '$.quantity') AS bigint), 1))
        ) FILTER (WHERE p.event_type = 'add_to_cart' AND p.product_id IS NOT NULL) AS added
    FROM placed AS p
    JOIN silver.tenants AS t ON t.id = p.tenant_id
    WHERE p.occurred_at < p.began_at + INTERVAL '48' HOUR
    GROUP BY p.tenant_id, t.time_zone, p.session_id, p.began_at
)
SELECT
    tenant_id,
    day,
    count(*) AS visits,
    count_if(is_known) AS known_visits,
    count_if(events = 1) AS bounces,
    sum(events) AS events,
    sum(product_view_events) AS product_view_events,
    sum(seconds) AS seconds,
    count_if(furthest_step >= 1) AS viewing_visits,
    count_if(furthest_step >= 2) AS cart_visits,
    count_if(furthest_step >= 3) AS checkout_visits,
    count_if(furthest_step >= 4) AS purchase_visits,
    CAST(
        array_sort(map_entries(histogram(journey))) AS array(ROW (journey varchar, visits bigint))
    ) AS journeys,
    CAST(
        coalesce(
            array_sort(
                map_entries(
                    transform_values(
                        multimap_from_entries(
                            flatten(array_agg(added) FILTER (WHERE furthest_step < 4 AND added IS NOT NULL))
                        ),
                        (product, counts) -> reduce(counts, BIGINT '0', (total, one) -> total + one, total -> total)
                    )
                )
            ),
            ARRAY[]
        ) AS array(ROW (product_id bigint, units bigint))
    ) AS abandoned_products,
    date_format(day, '%Y-%m') AS month
FROM visits
GROUP BY tenant_id, day
