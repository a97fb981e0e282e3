-- metric: mrr_movements
-- answers: How does the monthly recurring revenue change, and by what: new, more, less, lost or returned customers?
-- subject: subscriptions
-- grain: tenant, month
-- tables: gold.recurring_monthly, silver.tenants
-- chart: stack of new_mrr, reactivation_mrr, expansion_mrr, -contraction_mrr, -churned_mrr in currency by month
-- parameter: from date = 1970-01-01; a day of the first month to show; its movements are from the month before it
-- parameter: to date = 2999-12-31; a day of the last month to show
-- note: The shop keeps a subscription's present price alone, so the past is what was billed: in a month that is over, a
--   customer's recurring revenue is the amount of the last subscription invoice of that month that is not void, by the
--   calendar of the tenant's time zone, paid or not, refunded or not; invoices of a subscription that was cancelled by
--   the end of the month do not count. In the running month (is_complete is false) it is the monthly amount of the
--   active subscription.
-- note: opening + new + reactivation + expansion - contraction - churned = closing. New is a customer's first month
--   with recurring revenue, reactivation one after a month or more without. Churned is what a customer had in the month
--   before who has nothing now. A pause is not billed, so it is churn, and its end a reactivation.
-- note: It is counted by customer: a new subscription after an old one is a reactivation or a change, not a new
--   customer. A month without movements has a row, from the tenant's first month of recurring revenue to the present.
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH months AS (
    -- include: recurring_months
),
series AS (
    SELECT
        slug,
        month,
        currency,
        coalesce(lag(mrr) OVER (PARTITION BY tenant_id ORDER BY month), 0) AS opening_mrr,
        new_mrr,
        reactivation_mrr,
        expansion_mrr,
        contraction_mrr,
        churned_mrr,
        mrr AS closing_mrr,
        customers,
        new_customers,
        churned_customers,
        is_complete
    FROM months
)
SELECT
    slug AS tenant,
    month,
    currency,
    opening_mrr,
    new_mrr,
    reactivation_mrr,
    expansion_mrr,
    contraction_mrr,
    churned_mrr,
    closing_mrr,
    customers,
    new_customers,
    churned_customers,
    is_complete
FROM series
WHERE month >= date_trunc('month', CAST(? /* from */ AS date))
    AND month <= CAST(? /* to */ AS date)
ORDER BY tenant, month
