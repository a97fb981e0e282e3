WITH billed AS (
    SELECT tenant_id, customer_id, month, amount AS mrr
    FROM (
        SELECT
            i.tenant_id,
            i.customer_id,
            i.month,
            i.amount,
            row_number() OVER (
                PARTITION BY i.tenant_id, i.customer_id, i.month
                ORDER BY i.issued_at DESC, i.id DESC
            ) AS place
        FROM (
            SELECT
                v.tenant_id,
                v.customer_id,
                v.subscription_id,
                v.id,
                v.issued_at,
                v.amount,
                t.time_zone,
                date_trunc('month', CAST(at_timezone(with_timezone(v.issued_at, 'UTC'), t.time_zone) AS date)) AS month
            FROM silver.invoices AS v
            JOIN silver.tenants AS t ON t.id = v.tenant_id
            WHERE v.status <> 'void'
        ) AS i
        JOIN silver.subscriptions AS s ON s.tenant_id = i.tenant_id AND s.id = i.subscription_id
        WHERE s.cancelled_at IS NULL
            OR date_trunc('month', CAST(at_timezone(with_timezone(s.cancelled_at, 'UTC'), i.time_zone) AS date)) > i.month
    ) AS b
    WHERE place = 1 AND amount > 0
),
agreed AS (
    SELECT s.tenant_id, s.customer_id, sum(s.monthly_amount) AS mrr
    FROM silver.subscriptions AS s
    JOIN silver.tenants AS t ON t.id = s.tenant_id
    WHERE s.status = 'active' AND s.monthly_amount > 0
    GROUP BY s.tenant_id, s.customer_id
),
months AS (
    SELECT DISTINCT b.tenant_id, date_add('month', c.later, b.month) AS month
    FROM billed AS b
    CROSS JOIN (VALUES 0, 1, 2) AS c (later)
    UNION
    SELECT tenant_id, DATE '1970-01-01' AS month
    FROM agreed
),
-- Of each month, over and running: who pays now and did before. Before a first month there was nothing.
firsts AS (
    SELECT tenant_id, customer_id, min(month) AS first_month
    FROM billed
    GROUP BY tenant_id, customer_id
),
paid AS (
    SELECT tenant_id, customer_id, month, false AS is_running, mrr AS now_pays
    FROM billed
    UNION ALL
    SELECT m.tenant_id, a.customer_id, m.month, true AS is_running, a.mrr AS now_pays
    FROM months AS m
    JOIN agreed AS a ON a.tenant_id = m.tenant_id
),
paid_before AS (
    SELECT b.tenant_id, b.customer_id, date_add('month', 1, b.month) AS month, k.is_running, b.mrr AS paid_before
    FROM billed AS b
    CROSS JOIN (VALUES false, true) AS k (is_running)
),
changes AS (
    SELECT
        coalesce(p.tenant_id, b.tenant_id) AS tenant_id,
        coalesce(p.customer_id, b.customer_id) AS customer_id,
        coalesce(p.month, b.month) AS month,
        coalesce(p.is_running, b.is_running) AS is_running,
        coalesce(p.now_pays, 0) AS now_pays,
        coalesce(b.paid_before, 0) AS paid_before
    FROM paid AS p
    FULL JOIN paid_before AS b
        ON b.tenant_id = p.tenant_id
        AND b.customer_id = p.customer_id
        AND b.month = p.month
        AND b.is_running = p.is_running
    UNION ALL
    -- A month that runs has a row even if nobody pays.
    SELECT tenant_id, NULL AS customer_id, month, true AS is_running, 0 AS now_pays, 0 AS paid_before
    FROM months
),
told AS (
    SELECT
        c.tenant_id,
        c.month,
        c.is_running,
        c.now_pays,
        c.paid_before,
        c.now_pays > 0 AND coalesce(f.first_month >= c.month, true) AS is_new
    FROM changes AS c
    LEFT JOIN firsts AS f ON f.tenant_id = c.tenant_id AND f.customer_id = c.customer_id
)
SELECT
    tenant_id,
    month,
    is_running,
    count_if(now_pays > 0) AS customers,
    count_if(is_new) AS new_customers,
    count_if(now_pays = 0 AND paid_before > 0) AS churned_customers,
    CAST(sum(now_pays) AS decimal(18, 2)) AS mrr,
    CAST(sum(CASE WHEN is_new THEN now_pays ELSE 0 END) AS decimal(18, 2)) AS new_mrr,
    CAST(
        sum(CASE WHEN paid_before = 0 AND NOT is_new THEN now_pays ELSE 0 END) AS decimal(18, 2)
    ) AS reactivation_mrr,
    CAST(
        sum(CASE WHEN paid_before > 0 AND now_pays > paid_before THEN now_pays - paid_before ELSE 0 END)
        AS decimal(18, 2)
    ) AS expansion_mrr,
    CAST(
        sum(CASE WHEN now_pays > 0 AND now_pays < paid_before THEN paid_before - now_pays ELSE 0 END)
        AS decimal(18, 2)
    ) AS contraction_mrr,
    CAST(sum(CASE WHEN now_pays = 0 THEN paid_before ELSE 0 END) AS decimal(18, 2)) AS churned_mrr
FROM told
GROUP BY tenant_id, month, is_running
