-- metric: subscription_churn
-- answers: What part of the subscriptions is cancelled, month by month?
-- subject: subscriptions
-- grain: tenant, month
-- tables: gold.subscriptions_monthly, silver.tenants
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
-- note: A subscription that was cancelled in a month before the one it started in never was one.
-- note: cancelled_monthly_amount is what those cancelled in the month paid a month when they were; the shop keeps no
--   earlier prices. A month in which nothing happened has a row, from the tenant's first subscription to the present.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH months AS (
    SELECT
        m.tenant_id,
        t.slug,
        t.currency,
        m.month,
        m.started_subscriptions,
        m.cancelled_subscriptions,
        m.churned_subscriptions,
        m.cancelled_monthly_amount,
        lead(m.month) OVER (PARTITION BY m.tenant_id ORDER BY m.month) AS next_month,
        date_trunc('month', CAST(at_timezone(current_timestamp, t.time_zone) AS date)) AS running_month
    FROM gold.subscriptions_monthly AS m
    JOIN silver.tenants AS t ON t.id = m.tenant_id
),
-- Each month with those after it in which nothing happened.
calendar AS (
    SELECT
        m.tenant_id,
        m.slug,
        m.currency,
        c.month,
        CASE WHEN c.month = m.month THEN m.started_subscriptions ELSE 0 END AS started_subscriptions,
        CASE WHEN c.month = m.month THEN m.cancelled_subscriptions ELSE 0 END AS cancelled_subscriptions,
        CASE WHEN c.month = m.month THEN m.churned_subscriptions ELSE 0 END AS churned_subscriptions,
        CASE WHEN c.month = m.month THEN m.cancelled_monthly_amount ELSE 0 END AS cancelled_monthly_amount,
        c.month < m.running_month AS is_complete
    FROM months AS m
    CROSS JOIN UNNEST(
        sequence(
            m.month,
            coalesce(
                date_add('month', -1, m.next_month),
                CASE WHEN m.month < m.running_month THEN m.running_month ELSE m.month END
            ),
            INTERVAL '1' MONTH
        )
    ) AS c (month)
    WHERE c.month <= m.running_month
),
counted AS (
    SELECT
        slug,
        month,
        currency,
        sum(started_subscriptions - cancelled_subscriptions) OVER (PARTITION BY tenant_id ORDER BY month)
            AS subscriptions_at_end,
        started_subscriptions,
        cancelled_subscriptions,
        churned_subscriptions,
        cancelled_monthly_amount,
        is_complete
    FROM calendar
),
opened AS (
    SELECT c.*, subscriptions_at_end - started_subscriptions + cancelled_subscriptions AS subscriptions_at_start
    FROM counted AS c
)
SELECT
    slug AS tenant,
    month,
    currency,
    subscriptions_at_start,
    started_subscriptions,
    cancelled_subscriptions,
    subscriptions_at_end,
    churned_subscriptions,
    CASE
        WHEN is_complete AND subscriptions_at_start > 0
            THEN CAST(CAST(100 * churned_subscriptions AS decimal(18, 2)) / subscriptions_at_start AS decimal(5, 2))
    END AS churn_percent,
    cancelled_monthly_amount,
    is_complete
FROM opened
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, month
