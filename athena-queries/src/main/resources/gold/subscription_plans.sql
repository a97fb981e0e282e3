SELECT
    s.tenant_id,
    s.plan,
    count(*) AS subscriptions,
    count_if(s.status = 'active') AS active_subscriptions,
    count_if(s.status = 'paused') AS paused_subscriptions,
    CAST(sum(CASE s.status WHEN 'active' THEN s.monthly_amount ELSE 0 END) AS decimal(18, 2)) AS mrr
FROM silver.subscriptions AS s
WHERE s.status <> 'cancelled'
GROUP BY s.tenant_id, s.plan
