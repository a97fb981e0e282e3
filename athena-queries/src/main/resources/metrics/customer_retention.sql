-- metric: customer_retention
-- answers: How many of a period's buyers come back in the next, and how many are lost?
-- subject: customers
-- grain: tenant, period_start
-- tables: gold.retention_periods, silver.tenants
-- chart: stack of new_customers, retained_customers, returned_customers in customers by period_start
-- chart: line of retention_percent in percent by period_start
-- parameter: period choice(month|quarter|year) = month; how long a period is
-- parameter: from date = 1970-01-01; a day of the first period to show; it is compared with the period before it
-- parameter: to date = 2999-12-31; a day of the last period to show
-- note: Active is a customer who ordered in the period, by the calendar of the tenant's time zone, in an order that is
--   neither pending nor cancelled; refunded ones count, since the customer came.
-- note: The active are new (never ordered before), retained (ordered in the period before, too) or returned (ordered
--   before that alone). Lost are those of the period before who did not order in this one; they may return later.
-- note: retention_percent and churn_percent are parts of the period before's active customers. They and lost_customers
--   are empty for a first period and while is_complete is false: who has not come yet may still come.
-- note: A period in which nobody ordered counts as zero, from the tenant's first period of sales to its last.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH active AS (
    SELECT
        tenant_id,
        period,
        period_start,
        active_customers,
        new_customers,
        retained_customers,
        returned_customers,
        lead(period_start) OVER (PARTITION BY tenant_id ORDER BY period_start) AS next_start
    FROM gold.retention_periods
    WHERE period = ? /* period */
),
-- Each period with those after it in which nobody ordered.
counted AS (
    SELECT
        a.tenant_id,
        a.period,
        c.month AS period_start,
        CASE WHEN c.month = a.period_start THEN a.active_customers ELSE 0 END AS active_customers,
        CASE WHEN c.month = a.period_start THEN a.new_customers ELSE 0 END AS new_customers,
        CASE WHEN c.month = a.period_start THEN a.retained_customers ELSE 0 END AS retained_customers,
        CASE WHEN c.month = a.period_start THEN a.returned_customers ELSE 0 END AS returned_customers
    FROM active AS a
    CROSS JOIN UNNEST(
        sequence(a.period_start, coalesce(date_add('month', -1, a.next_start), a.period_start), INTERVAL '1' MONTH)
    ) AS c (month)
    WHERE c.month = date_trunc(a.period, c.month)
),
compared AS (
    SELECT
        t.slug,
        n.period,
        n.period_start,
        n.active_customers,
        n.new_customers,
        n.retained_customers,
        n.returned_customers,
        lag(n.active_customers) OVER (PARTITION BY n.tenant_id ORDER BY n.period_start) AS previous_customers,
        date_trunc(n.period, CAST(at_timezone(current_timestamp, t.time_zone) AS date)) > n.period_start AS is_complete
    FROM counted AS n
    JOIN silver.tenants AS t ON t.id = n.tenant_id
)
SELECT
    slug AS tenant,
    period_start,
    active_customers,
    new_customers,
    retained_customers,
    returned_customers,
    previous_customers,
    CASE WHEN is_complete THEN previous_customers - retained_customers END AS lost_customers,
    CASE
        WHEN is_complete AND previous_customers > 0
            THEN CAST(CAST(100 * retained_customers AS decimal(18, 2)) / previous_customers AS decimal(5, 2))
    END AS retention_percent,
    CASE
        WHEN is_complete AND previous_customers > 0
            THEN CAST(
                CAST(100 * (previous_customers - retained_customers) AS decimal(18, 2)) / previous_customers
                AS decimal(5, 2)
            )
    END AS churn_percent,
    is_complete
FROM compared
WHERE period_start >= date_trunc(period, CAST(? /* from */ AS date))
    AND period_start <= CAST(? /* to */ AS date)
ORDER BY tenant, period_start
