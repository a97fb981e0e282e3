-- metric: user_journeys
-- answers: Which ways do visitors take through the shop, and how often?
-- subject: behaviour
-- grain: tenant, place
-- tables: silver.events, silver.tenants
-- chart: rank of share_percent in percent by journey
-- parameter: places integer(1..1000) = 10; how many journeys to show for each tenant
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A journey is the order of the kinds of events in a visit, by when they occurred; the same kind several times in
--   a row is one step. Visits with the same steps are one journey, however long they took.
-- note: A visit counts once, on the day on which it began by the calendar of the tenant's time zone, with all of its
--   events. share_percent is of all the tenant's visits of that time, those of the journeys not shown among them.
-- note: Journeys with equally many visits are placed by their names, so that the same data gives the same list.
WITH events AS (
    SELECT
        tenant_id,
        session_id,
        id,
        event_type,
        occurred_at,
        lag(event_type) OVER (PARTITION BY tenant_id, session_id ORDER BY occurred_at, id) AS previous_type
    FROM silver.events
    -- The partitions are months in UTC: two days more take in every time zone and the whole of a visit at the edge.
    WHERE month >= substr(CAST(CAST(? /* from */ AS date) - INTERVAL '2' DAY AS varchar), 1, 7)
        AND month <= substr(CAST(CAST(? /* to */ AS date) + INTERVAL '2' DAY AS varchar), 1, 7)
),
visits AS (
    SELECT
        tenant_id,
        session_id,
        min(occurred_at) AS began_at,
        count(*) AS steps,
        count_if(event_type = 'purchase') > 0 AS bought,
        array_join(array_agg(event_type ORDER BY occurred_at, id), ' > ') AS journey
    FROM events
    WHERE previous_type IS NULL OR previous_type <> event_type
    GROUP BY tenant_id, session_id
),
journeys AS (
    SELECT v.tenant_id, v.journey, v.steps, v.bought, count(*) AS visits
    FROM visits AS v
    JOIN silver.tenants AS t ON t.id = v.tenant_id
    WHERE CAST(at_timezone(with_timezone(v.began_at, 'UTC'), t.time_zone) AS date) >= CAST(? /* from */ AS date)
        AND CAST(at_timezone(with_timezone(v.began_at, 'UTC'), t.time_zone) AS date) <= CAST(? /* to */ AS date)
    GROUP BY v.tenant_id, v.journey, v.steps, v.bought
),
placed AS (
    SELECT
        tenant_id,
        journey,
        steps,
        bought,
        visits,
        sum(visits) OVER (PARTITION BY tenant_id) AS all_visits,
        row_number() OVER (PARTITION BY tenant_id ORDER BY visits DESC, journey) AS place
    FROM journeys
)
SELECT
    t.slug AS tenant,
    j.place,
    j.journey,
    j.steps,
    j.bought,
    j.visits,
    CAST(CAST(100 * j.visits AS decimal(18, 2)) / j.all_visits AS decimal(5, 2)) AS share_percent
FROM placed AS j
JOIN silver.tenants AS t ON t.id = j.tenant_id
WHERE j.place <= ? /* places */
ORDER BY tenant, j.place
