SELECT
    s.tenant_id,
    s.slug,
    s.currency,
    c.month,
    CASE WHEN c.month = s.month THEN s.customers ELSE 0 END AS customers,
    CASE WHEN c.month = s.month THEN s.new_customers ELSE 0 END AS new_customers,
    CASE WHEN c.month = s.month THEN s.churned_customers ELSE 0 END AS churned_customers,
    CASE WHEN c.month = s.month THEN s.mrr ELSE 0 END AS mrr,
    CASE WHEN c.month = s.month THEN s.new_mrr ELSE 0 END AS new_mrr,
    CASE WHEN c.month = s.month THEN s.reactivation_mrr ELSE 0 END AS reactivation_mrr,
    CASE WHEN c.month = s.month THEN s.expansion_mrr ELSE 0 END AS expansion_mrr,
    CASE WHEN c.month = s.month THEN s.contraction_mrr ELSE 0 END AS contraction_mrr,
    CASE WHEN c.month = s.month THEN s.churned_mrr ELSE 0 END AS churned_mrr,
    c.month < s.running_month AS is_complete
FROM (
    SELECT
        m.*,
        lead(m.month) OVER (PARTITION BY m.tenant_id ORDER BY m.month) AS next_month,
        first_value(m.customers) OVER (PARTITION BY m.tenant_id ORDER BY m.month) AS first_customers
    FROM (
        -- The months that are over as they were, and the running one by the newest row that holds for it.
        SELECT
            k.tenant_id,
            k.slug,
            k.currency,
            k.running_month,
            CASE WHEN k.is_running THEN k.running_month ELSE k.month END AS month,
            k.customers,
            k.new_customers,
            k.churned_customers,
            k.mrr,
            k.new_mrr,
            k.reactivation_mrr,
            k.expansion_mrr,
            k.contraction_mrr,
            k.churned_mrr
        FROM (
            SELECT
                r.*,
                t.slug,
                t.currency,
                t.running_month,
                row_number() OVER (PARTITION BY r.tenant_id, r.is_running ORDER BY r.month DESC) AS place
            FROM gold.recurring_monthly AS r
            JOIN (
                SELECT
                    id,
                    slug,
                    currency,
                    date_trunc('month', CAST(at_timezone(current_timestamp, time_zone) AS date)) AS running_month
                FROM silver.tenants
            ) AS t ON t.id = r.tenant_id
            WHERE r.month < t.running_month OR r.is_running AND r.month = t.running_month
        ) AS k
        WHERE NOT k.is_running OR k.place = 1
    ) AS m
) AS s
-- Each month with those after it in which nothing was and nothing changed.
CROSS JOIN UNNEST(
    sequence(s.month, coalesce(date_add('month', -1, s.next_month), s.month), INTERVAL '1' MONTH)
) AS c (month)
-- Of who never had recurring revenue there is nothing to say.
WHERE s.first_customers > 0
