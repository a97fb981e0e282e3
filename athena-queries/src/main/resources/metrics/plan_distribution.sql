-- metric: plan_distribution
-- answers: How are the subscriptions spread over the plans, and what does each plan bring a month?
-- subject: subscriptions
-- grain: tenant, plan
-- tables: gold.subscription_plans, silver.tenants
-- chart: rank of active_subscriptions, paused_subscriptions in subscriptions by plan
-- note: It is the present state: the shop does not keep which plan a subscription had before. Cancelled subscriptions
--   do not count. Paused ones do, but bring nothing: mrr is the monthly amounts of the active ones, in the tenant's
--   currency, and adds up to what mrr_movements has for the running month.
-- note: share_percent is of the tenant's subscriptions, mrr_share_percent of its mrr; the latter is empty where all are
--   paused. A plan that nobody has is not shown.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH totals AS (
    SELECT
        tenant_id,
        plan,
        subscriptions,
        active_subscriptions,
        paused_subscriptions,
        mrr,
        sum(subscriptions) OVER (PARTITION BY tenant_id) AS all_subscriptions,
        sum(mrr) OVER (PARTITION BY tenant_id) AS all_mrr
    FROM gold.subscription_plans
)
SELECT
    t.slug AS tenant,
    n.plan,
    t.currency,
    n.subscriptions,
    n.active_subscriptions,
    n.paused_subscriptions,
    CAST(CAST(100 * n.subscriptions AS decimal(18, 2)) / n.all_subscriptions AS decimal(5, 2)) AS share_percent,
    n.mrr,
    CAST(100 * n.mrr / nullif(n.all_mrr, 0) AS decimal(5, 2)) AS mrr_share_percent
FROM totals AS n
JOIN silver.tenants AS t ON t.id = n.tenant_id
ORDER BY tenant, n.subscriptions DESC, n.plan
