-- gold.lifetime_daily, as silver has it: the same columns, and the same rows, of one query.
WITH accounts AS (
    SELECT
        c.tenant_id,
        c.id AS customer_id,
        c.acquired_via,
        c.segment,
        c.country,
        t.currency,
        CAST(at_timezone(with_timezone(c.created_at, 'UTC'), t.time_zone) AS date) AS day
    FROM silver.customers AS c
    JOIN silver.tenants AS t ON t.id = c.tenant_id
),
ordered AS (
    SELECT
        o.tenant_id,
        o.customer_id,
        o.id,
        o.currency,
        o.status,
        o.total_amount,
        CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date) AS day
    FROM silver.orders AS o
    JOIN silver.tenants AS t ON t.id = o.tenant_id
    WHERE o.status NOT IN ('pending', 'cancelled')
),
payments AS (
    SELECT
        tenant_id,
        customer_id,
        day,
        currency,
        CASE row_number() OVER (PARTITION BY tenant_id, customer_id, currency ORDER BY day, id) WHEN 1 THEN 1 ELSE 0 END
            AS new_buyers,
        1 AS orders,
        CASE status WHEN 'refunded' THEN CAST(0 AS decimal(12, 2)) ELSE total_amount END AS order_revenue,
        CAST(0 AS decimal(12, 2)) AS subscription_revenue
    FROM ordered
    UNION ALL
    SELECT
        i.tenant_id,
        i.customer_id,
        CAST(at_timezone(with_timezone(i.paid_at, 'UTC'), t.time_zone) AS date) AS day,
        t.currency,
        0 AS new_buyers,
        0 AS orders,
        CAST(0 AS decimal(12, 2)) AS order_revenue,
        i.amount AS subscription_revenue
    FROM silver.invoices AS i
    JOIN silver.tenants AS t ON t.id = i.tenant_id
    WHERE i.subscription_id IS NOT NULL AND i.status = 'paid' AND i.paid_at IS NOT NULL
),
brought AS (
    SELECT
        tenant_id,
        acquired_via,
        segment,
        country,
        currency,
        day,
        1 AS new_customers,
        0 AS new_buyers,
        0 AS orders,
        CAST(0 AS decimal(12, 2)) AS order_revenue,
        CAST(0 AS decimal(12, 2)) AS subscription_revenue
    FROM accounts
    UNION ALL
    SELECT
        a.tenant_id,
        a.acquired_via,
        a.segment,
        a.country,
        p.currency,
        -- What came before the account is of its day.
        CASE WHEN p.day < a.day THEN a.day ELSE p.day END AS day,
        0 AS new_customers,
        p.new_buyers,
        p.orders,
        p.order_revenue,
        p.subscription_revenue
    FROM payments AS p
    JOIN accounts AS a ON a.tenant_id = p.tenant_id AND a.customer_id = p.customer_id
)
SELECT
    b.tenant_id,
    g.grouped_by,
    g.customer_group,
    b.currency,
    b.day,
    sum(b.new_customers) AS new_customers,
    sum(b.new_buyers) AS new_buyers,
    sum(b.orders) AS orders,
    CAST(sum(b.order_revenue) AS decimal(18, 2)) AS order_revenue,
    CAST(sum(b.subscription_revenue) AS decimal(18, 2)) AS subscription_revenue,
    date_format(b.day, '%Y-%m') AS month
FROM brought AS b
CROSS JOIN UNNEST(
    ARRAY['acquired_via', 'segment', 'country'],
    ARRAY[b.acquired_via, b.segment, b.country]
) AS g (grouped_by, customer_group)
GROUP BY b.tenant_id, g.grouped_by, g.customer_group, b.currency, b.day
