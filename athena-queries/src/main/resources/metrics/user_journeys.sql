-- metric: user_journeys
-- answers: Which ways do visitors take through the shop, and how often?
-- subject: behaviour
-- grain: tenant, place
-- tables: gold.visits_daily, gold.visits_monthly, silver.tenants
-- chart: rank of share_percent in percent by journey
-- parameter: places integer(1..1000) = 10; how many journeys to show for each tenant
-- parameter: from date = 1970-01-01; the first day that counts, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A journey is the order of the kinds of events in a visit, by when they occurred; the same kind several times in
--   a row is one step. Visits with the same steps are one journey, however long they took.
-- note: A visit counts once, on the day on which it began by the calendar of the tenant's time zone, with all of its
--   events. share_percent is of all the tenant's visits of that time, those of the journeys not shown among them.
-- note: Journeys with equally many visits are placed by their names, so that the same data gives the same list.
WITH begun AS (
    SELECT tenant_id, journeys
    FROM gold.visits_monthly
    WHERE month >= CAST(? /* from */ AS date)
        AND last_day_of_month(month) <= CAST(? /* to */ AS date)
    UNION ALL
    -- Of the months in which the time begins and ends, unless they are whole, the days.
    SELECT tenant_id, journeys
    FROM gold.visits_daily
    WHERE month IN (
            date_format(CAST(? /* from */ AS date), '%Y-%m'),
            date_format(CAST(? /* to */ AS date), '%Y-%m')
        )
        AND day BETWEEN CAST(? /* from */ AS date) AND CAST(? /* to */ AS date)
        AND (
            date_trunc('month', day) < CAST(? /* from */ AS date)
            OR last_day_of_month(day) > CAST(? /* to */ AS date)
        )
),
journeys AS (
    SELECT d.tenant_id, j.journey, sum(j.visits) AS visits
    FROM begun AS d
    CROSS JOIN UNNEST(d.journeys) AS j (journey, visits)
    GROUP BY d.tenant_id, j.journey
),
placed AS (
    SELECT
        tenant_id,
        journey,
        split(journey, ' > ') AS steps,
        visits,
        sum(visits) OVER (PARTITION BY tenant_id) AS all_visits,
        row_number() OVER (PARTITION BY tenant_id ORDER BY visits DESC, journey) AS place
    FROM journeys
)
SELECT
    t.slug AS tenant,
    j.place,
    j.journey,
    cardinality(j.steps) AS steps,
    contains(j.steps, 'purchase') AS bought,
    j.visits,
    CAST(CAST(100 * j.visits AS decimal(18, 2)) / j.all_visits AS decimal(5, 2)) AS share_percent
FROM placed AS j
JOIN silver.tenants AS t ON t.id = j.tenant_id
WHERE j.place <= ? /* places */
ORDER BY tenant, j.place
