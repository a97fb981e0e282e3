SELECT tenant_id, month AS day, currency, orders, revenue, refunds
FROM gold.revenue_monthly
WHERE ? /* period */ NOT IN ('day', 'week')
    AND month >= CAST(? /* from */ AS date)
    AND last_day_of_month(month) <= CAST(? /* to */ AS date)
UNION ALL
-- Days and weeks do not come from months, nor do the months in which the time begins and ends unless they are whole.
SELECT tenant_id, day, currency, orders, revenue, refunds
FROM gold.revenue_daily
WHERE month BETWEEN date_format(CAST(? /* from */ AS date), '%Y-%m')
        AND date_format(CAST(? /* to */ AS date), '%Y-%m')
    AND day BETWEEN CAST(? /* from */ AS date) AND CAST(? /* to */ AS date)
    AND (
        ? /* period */ IN ('day', 'week')
        OR month IN (
            date_format(CAST(? /* from */ AS date), '%Y-%m'),
            date_format(CAST(? /* to */ AS date), '%Y-%m')
        )
        AND (
            date_trunc('month', day) < CAST(? /* from */ AS date)
            OR last_day_of_month(day) > CAST(? /* to */ AS date)
        )
    )
