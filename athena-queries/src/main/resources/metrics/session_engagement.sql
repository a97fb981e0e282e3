-- metric: session_engagement
-- answers: How long do visits last, and how much is looked at in them?
-- subject: behaviour
-- grain: tenant, period_start
-- tables: gold.visits_daily, gold.visits_monthly, silver.tenants
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
WITH begun AS (
    -- include: visits_of_periods
),
counted AS (
    SELECT
        t.slug,
        date_trunc(p.period, d.day) AS period_start,
        sum(d.visits) AS visits,
        sum(d.known_visits) AS known_visits,
        sum(d.bounces) AS bounces,
        sum(d.events) AS events,
        sum(d.product_view_events) AS product_views,
        sum(d.seconds) AS seconds
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
