-- metric: session_engagement
-- answers: How long do visits last, and how much is looked at in them?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: silver.events, silver.tenants
-- chart: line of seconds_per_visit in seconds by period_start
-- chart: line of events_per_visit, product_views_per_visit in a visit by period_start
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A visit is a session. It counts once, in the period in which it began by the calendar of the tenant's time
--   zone, with all of its events. A period without a visit has no row.
-- note: A visit lasts from its first event to its last, in whole seconds; how long the last page was read is not
--   known. A visit of one event is a bounce and lasts no time; bounces are in all averages.
-- note: known_visits are those with an event whose customer is known. Who is deleted becomes unknown, in past visits
--   too.
WITH visits AS (
    SELECT
        tenant_id,
        session_id,
        min(occurred_at) AS began_at,
        date_diff('second', date_trunc('second', min(occurred_at)), date_trunc('second', max(occurred_at))) AS seconds,
        count(*) AS events,
        count_if(event_type = 'product_view') AS product_views,
        max(customer_id) AS customer_id
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
        v.seconds,
        v.events,
        v.product_views,
        v.customer_id
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
        count(customer_id) AS known_visits,
        count_if(events = 1) AS bounces,
        sum(events) AS events,
        sum(product_views) AS product_views,
        sum(seconds) AS seconds
    FROM dated
    WHERE day >= CAST(? /* from */ AS date)
        AND day <= CAST(? /* to */ AS date)
    GROUP BY slug, date_trunc(period, day)
)
SELECT
    slug AS tenant,
    period_start,
    visits,
    known_visits,
    events,
    product_views,
    seconds,
    CAST(CAST(seconds AS decimal(18, 2)) / visits AS decimal(18, 2)) AS seconds_per_visit,
    CAST(CAST(events AS decimal(18, 2)) / visits AS decimal(18, 2)) AS events_per_visit,
    CAST(CAST(product_views AS decimal(18, 2)) / visits AS decimal(18, 2)) AS product_views_per_visit,
    CAST(CAST(100 * bounces AS decimal(18, 2)) / visits AS decimal(5, 2)) AS bounce_percent
FROM counted
ORDER BY tenant, period_start
