-- metric: subscription_churn
-- answers: What part of the subscriptions is cancelled, month by month?
-- subject: subscriptions
-- grain: tenant, month
-- tables: silver.subscriptions, silver.tenants
-- chart: line of churn_percent in percent by month
-- chart: stack of started_subscriptions, -cancelled_subscriptions in subscriptions by month
-- parameter: from date = 1970-01-01; a day of the first month to show
-- parameter: to date = 2999-12-31; a day of the last month to show
-- note: It counts contracts, by the days on which they started and were cancelled in the tenant's time zone. A paused
--   subscription is one; so a pause is no churn here, where it is in mrr_movements, which counts money.
-- note: churn_percent is churned_subscriptions, those there at the start of the month and cancelled in it, over all
--   that were there at the start. One that starts and ends in the same month is in started_subscriptions and
--   cancelled_subscriptions alone. It is empty where there was none at the start, and for a month that is not over in
--   the tenant's time zone (is_complete is false).
-- note: cancelled_monthly_amount is what those cancelled in the month paid a month when they were; the shop keeps no
--   earlier prices. A month in which nothing happened has a row, from the tenant's first subscription to the present.
WITH terms AS (
    SELECT
        s.tenant_id,
        s.monthly_amount,
        date_trunc('month', CAST(at_timezone(with_timezone(s.started_at, 'UTC'), t.time_zone) AS date)) AS start_month,
        date_trunc('month', CAST(at_timezone(with_timezone(s.cancelled_at, 'UTC'), t.time_zone) AS date)) AS end_month
    FROM silver.subscriptions AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
),
spans AS (
    SELECT
        t.id AS tenant_id,
        t.slug,
        t.currency,
        date_trunc('month', CAST(at_timezone(current_timestamp, t.time_zone) AS date)) AS running_month,
        min(s.start_month) AS first_month
    FROM silver.tenants AS t
    JOIN terms AS s ON s.tenant_id = t.id
    GROUP BY t.id, t.slug, t.currency, t.time_zone
),
calendar AS (
    SELECT s.tenant_id, s.slug, s.currency, c.month, c.month < s.running_month AS is_complete
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_month, s.running_month, INTERVAL '1' MONTH)) AS c (month)
),
counted AS (
    SELECT
        c.slug,
        c.month,
        c.currency,
        c.is_complete,
        count_if(s.start_month < c.month) AS subscriptions_at_start,
        count_if(s.start_month = c.month) AS started_subscriptions,
        count_if(s.end_month = c.month) AS cancelled_subscriptions,
        count_if(s.end_month = c.month AND s.start_month < c.month) AS churned_subscriptions,
        sum(CASE WHEN s.end_month = c.month THEN s.monthly_amount ELSE 0 END) AS cancelled_monthly_amount
    FROM calendar AS c
    LEFT JOIN terms AS s
        ON s.tenant_id = c.tenant_id
        AND s.start_month <= c.month
        AND (s.end_month IS NULL OR s.end_month >= c.month)
    GROUP BY c.slug, c.month, c.currency, c.is_complete
)
SELECT
    slug AS tenant,
    month,
    currency,
    subscriptions_at_start,
    started_subscriptions,
    cancelled_subscriptions,
    subscriptions_at_start + started_subscriptions - cancelled_subscriptions AS subscriptions_at_end,
    churned_subscriptions,
    CASE
        WHEN is_complete AND subscriptions_at_start > 0
            THEN CAST(CAST(100 * churned_subscriptions AS decimal(18, 2)) / subscriptions_at_start AS decimal(5, 2))
    END AS churn_percent,
    cancelled_monthly_amount,
    is_complete
FROM counted
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, month
