-- metric: mrr_movements
-- answers: How does the monthly recurring revenue change, and by what: new, more, less, lost or returned customers?
-- subject: subscriptions
-- grain: tenant, month
-- tables: silver.invoices, silver.subscriptions, silver.tenants
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
WITH clocks AS (
    SELECT
        id AS tenant_id,
        slug,
        currency,
        time_zone,
        date_trunc('month', CAST(at_timezone(current_timestamp, time_zone) AS date)) AS running_month
    FROM silver.tenants
),
invoices AS (
    SELECT
        i.tenant_id,
        i.customer_id,
        i.id,
        i.issued_at,
        i.amount,
        k.running_month,
        date_trunc('month', CAST(at_timezone(with_timezone(i.issued_at, 'UTC'), k.time_zone) AS date)) AS billed_month,
        date_trunc('month', CAST(at_timezone(with_timezone(s.cancelled_at, 'UTC'), k.time_zone) AS date)) AS end_month
    FROM silver.invoices AS i
    JOIN silver.subscriptions AS s ON s.tenant_id = i.tenant_id AND s.id = i.subscription_id
    JOIN clocks AS k ON k.tenant_id = i.tenant_id
    WHERE i.status <> 'void'
),
billed AS (
    SELECT
        tenant_id,
        customer_id,
        billed_month,
        amount,
        row_number() OVER (PARTITION BY tenant_id, customer_id, billed_month ORDER BY issued_at DESC, id DESC) AS place
    FROM invoices
    WHERE billed_month < running_month
        AND (end_month IS NULL OR end_month > billed_month)
),
subscribers AS (
    SELECT tenant_id, customer_id, billed_month AS month, amount AS mrr
    FROM billed
    WHERE place = 1 AND amount > 0
    UNION ALL
    SELECT s.tenant_id, s.customer_id, k.running_month, s.monthly_amount
    FROM silver.subscriptions AS s
    JOIN clocks AS k ON k.tenant_id = s.tenant_id
    WHERE s.status = 'active' AND s.monthly_amount > 0
),
neighbours AS (
    SELECT
        tenant_id,
        month,
        mrr,
        lag(month) OVER (PARTITION BY tenant_id, customer_id ORDER BY month) AS previous_month,
        lag(mrr) OVER (PARTITION BY tenant_id, customer_id ORDER BY month) AS previous_mrr,
        lead(month) OVER (PARTITION BY tenant_id, customer_id ORDER BY month) AS next_month
    FROM subscribers
),
movements AS (
    SELECT
        n.tenant_id,
        date_add('month', c.months_later, n.month) AS month,
        CASE c.months_later WHEN 0 THEN n.mrr ELSE 0 END AS mrr,
        CASE
            WHEN c.months_later = 1 THEN 'churn'
            WHEN n.previous_month IS NULL THEN 'new'
            WHEN n.previous_month < date_add('month', -1, n.month) THEN 'reactivation'
            WHEN n.mrr > n.previous_mrr THEN 'expansion'
            WHEN n.mrr < n.previous_mrr THEN 'contraction'
        END AS kind,
        CASE
            WHEN c.months_later = 0 AND n.previous_month = date_add('month', -1, n.month) THEN n.mrr - n.previous_mrr
            ELSE n.mrr
        END AS change
    FROM neighbours AS n
    CROSS JOIN (VALUES 0, 1) AS c (months_later)
    -- What a customer had last is lost in the month after.
    WHERE c.months_later = 0
        OR n.next_month IS NULL
        OR n.next_month > date_add('month', 1, n.month)
),
monthly AS (
    SELECT
        tenant_id,
        month,
        count_if(mrr > 0) AS customers,
        count_if(kind = 'new') AS new_customers,
        count_if(kind = 'churn') AS churned_customers,
        sum(mrr) AS mrr,
        sum(CASE WHEN kind = 'new' THEN change ELSE 0 END) AS new_mrr,
        sum(CASE WHEN kind = 'reactivation' THEN change ELSE 0 END) AS reactivation_mrr,
        sum(CASE WHEN kind = 'expansion' THEN change ELSE 0 END) AS expansion_mrr,
        sum(CASE WHEN kind = 'contraction' THEN -change ELSE 0 END) AS contraction_mrr,
        sum(CASE WHEN kind = 'churn' THEN change ELSE 0 END) AS churned_mrr
    FROM movements
    GROUP BY tenant_id, month
),
spans AS (
    SELECT k.tenant_id, k.slug, k.currency, k.running_month, min(m.month) AS first_month
    FROM clocks AS k
    JOIN monthly AS m ON m.tenant_id = k.tenant_id
    GROUP BY k.tenant_id, k.slug, k.currency, k.running_month
),
series AS (
    SELECT
        s.slug,
        c.month,
        s.currency,
        coalesce(m.customers, 0) AS customers,
        coalesce(m.new_customers, 0) AS new_customers,
        coalesce(m.churned_customers, 0) AS churned_customers,
        coalesce(lag(coalesce(m.mrr, 0)) OVER (PARTITION BY s.tenant_id ORDER BY c.month), 0) AS opening_mrr,
        coalesce(m.new_mrr, 0) AS new_mrr,
        coalesce(m.reactivation_mrr, 0) AS reactivation_mrr,
        coalesce(m.expansion_mrr, 0) AS expansion_mrr,
        coalesce(m.contraction_mrr, 0) AS contraction_mrr,
        coalesce(m.churned_mrr, 0) AS churned_mrr,
        coalesce(m.mrr, 0) AS closing_mrr,
        c.month < s.running_month AS is_complete
    FROM spans AS s
    CROSS JOIN UNNEST(sequence(s.first_month, s.running_month, INTERVAL '1' MONTH)) AS c (month)
    LEFT JOIN monthly AS m ON m.tenant_id = s.tenant_id AND m.month = c.month
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
