-- metric: customer_acquisition
-- answers: How many customers did each tenant win, and through which channel?
-- subject: customers
-- grain: tenant, period_start, acquired_via
-- tables: gold.customers_daily, gold.customers_monthly, silver.tenants
-- chart: stack of new_customers in customers by period_start per acquired_via
-- parameter: period choice(day|week|month|quarter|year) = month; how long a period is; weeks begin on Monday
-- parameter: from date = 1970-01-01; the first day to show, in the tenant's time zone
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: A customer is won on the day on which the account was made, by the calendar of the tenant's time zone, whether
--   or not the customer has ordered yet. Accounts that have been deleted since do not count, in past periods neither.
-- note: customers_to_date counts all that the channel had won by the end of the period, those before the first day to
--   show among them. share_percent is the channel's part of the period's new customers.
WITH won AS (
    SELECT tenant_id, acquired_via, month AS day, new_customers
    FROM gold.customers_monthly
    WHERE ? /* period */ NOT IN ('day', 'week')
        AND last_day_of_month(month) <= CAST(? /* to */ AS date)
    UNION ALL
    -- Days and weeks do not come from months, nor does the last month unless it is whole.
    SELECT tenant_id, acquired_via, day, new_customers
    FROM gold.customers_daily
    WHERE day <= CAST(? /* to */ AS date)
        AND (
            ? /* period */ IN ('day', 'week')
            OR month = date_format(CAST(? /* to */ AS date), '%Y-%m')
            AND last_day_of_month(day) > CAST(? /* to */ AS date)
        )
),
counted AS (
    SELECT
        t.slug,
        w.acquired_via,
        p.period,
        date_trunc(p.period, w.day) AS period_start,
        sum(w.new_customers) AS new_customers
    FROM won AS w
    JOIN silver.tenants AS t ON t.id = w.tenant_id
    CROSS JOIN (VALUES 'day', 'week', 'month', 'quarter', 'year') AS p (period)
    WHERE p.period = ? /* period */
    GROUP BY t.slug, w.acquired_via, p.period, date_trunc(p.period, w.day)
),
summed AS (
    SELECT
        slug,
        acquired_via,
        period,
        period_start,
        new_customers,
        sum(new_customers) OVER (PARTITION BY slug, period_start) AS new_customers_of_period,
        sum(new_customers) OVER (PARTITION BY slug, acquired_via ORDER BY period_start) AS customers_to_date
    FROM counted
)
SELECT
    slug AS tenant,
    period_start,
    acquired_via,
    new_customers,
    CAST(CAST(100 * new_customers AS decimal(18, 2)) / new_customers_of_period AS decimal(5, 2)) AS share_percent,
    customers_to_date
FROM summed
WHERE period_start >= date_trunc(period, CAST(? /* from */ AS date))
ORDER BY tenant, period_start, new_customers DESC, acquired_via
