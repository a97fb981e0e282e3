SELECT
    s.tenant_id,
    c.month,
    sum(c.started) AS started_subscriptions,
    sum(c.cancelled) AS cancelled_subscriptions,
    sum(CASE WHEN c.cancelled = 1 AND s.start_month < s.end_month THEN 1 ELSE 0 END) AS churned_subscriptions,
    CAST(sum(CASE c.cancelled WHEN 1 THEN s.monthly_amount ELSE 0 END) AS decimal(18, 2)) AS cancelled_monthly_amount
FROM (
    SELECT
        k.tenant_id,
        k.monthly_amount,
        date_trunc('month', CAST(at_timezone(with_timezone(k.started_at, 'UTC'), t.time_zone) AS date)) AS start_month,
        date_trunc('month', CAST(at_timezone(with_timezone(k.cancelled_at, 'UTC'), t.time_zone) AS date)) AS end_month
    FROM silver.subscriptions AS k
    JOIN silver.tenants AS t ON t.id = k.tenant_id
) AS s
CROSS JOIN UNNEST(ARRAY[s.start_month, s.end_month], ARRAY[1, 0], ARRAY[0, 1]) AS c (month, started, cancelled)
WHERE c.month IS NOT NULL AND (s.end_month IS NULL OR s.end_month >= s.start_month)
GROUP BY s.tenant_id, c.month
