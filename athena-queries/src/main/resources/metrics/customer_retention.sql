-- metric: customer_retention
-- answers: How many of a period's buyers come back in the next, and how many are lost?
-- subject: customers
-- grain: tenant, period_start
-- tables: silver.orders, silver.tenants
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
WITH buyers AS (
    SELECT DISTINCT
        o.tenant_id,
        o.customer_id,
        p.period,
        date_trunc(p.period, CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date)) AS period_start
    FROM silver.orders AS o
    JOIN silver.tenants AS t ON t.id = o.tenant_id
    CROSS JOIN (VALUES 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
        AND o.status NOT IN ('pending', 'cancelled')
),
visits AS (
    SELECT
        tenant_id,
        customer_id,
        period,
        period_start,
        lag(period_start) OVER (PARTITION BY tenant_id, customer_id ORDER BY period_start) AS last_time
    FROM buyers
),
spans AS (
    SELECT tenant_id, period, min(period_start) AS first_period, max(period_start) AS last_period
    FROM visits
    GROUP BY tenant_id, period
),
calendar AS (
    SELECT s.tenant_id, s.period, c.month AS period_start, date_add(s.period, -1, c.month) AS previous_start
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_period, s.last_period, INTERVAL '1' MONTH)) AS c (month)
    WHERE c.month = date_trunc(s.period, c.month)
),
counted AS (
    SELECT
        c.tenant_id,
        c.period,
        c.period_start,
        count(v.customer_id) AS active_customers,
        count_if(v.customer_id IS NOT NULL AND v.last_time IS NULL) AS new_customers,
        count_if(v.last_time = c.previous_start) AS retained_customers,
        count_if(v.last_time < c.previous_start) AS returned_customers
    FROM calendar AS c
    LEFT JOIN visits AS v ON v.tenant_id = c.tenant_id AND v.period_start = c.period_start
    GROUP BY c.tenant_id, c.period, c.period_start
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
