-- metric: customer_lifetime_value
-- answers: What has a customer brought in so far, by channel, segment or country?
-- subject: customers
-- grain: tenant, currency, customer_group
-- tables: silver.customers, silver.invoices, silver.orders, silver.tenants
-- chart: rank of average_lifetime_value in currency by customer_group
-- parameter: by choice(acquired_via|segment|country) = acquired_via; what the customers are grouped by
-- parameter: to date = 2999-12-31; the last day that counts, in the tenant's time zone
-- note: It is the value to date, not a forecast: order_revenue, the orders that are neither pending, cancelled nor
--   refunded, plus subscription_revenue, the subscriptions' invoices that are paid. An order's own invoice adds
--   nothing. Costs are not taken off.
-- note: customers are all accounts made by then, those that never bought among them, and the average is over all of
--   them; buyers have an order that is neither pending nor cancelled, and orders counts those, refunded ones too.
-- note: Invoices carry no currency: they are in the tenant's. A group has a row in the tenant's currency, if only of
--   zeros, and in any other in which it bought something.
WITH accounts AS (
    SELECT
        a.tenant_id,
        a.id AS customer_id,
        t.currency,
        CASE c.criterion
            WHEN 'segment' THEN a.segment
            WHEN 'country' THEN a.country
            ELSE a.acquired_via
        END AS customer_group
    FROM silver.customers AS a
    JOIN silver.tenants AS t ON t.id = a.tenant_id
    CROSS JOIN (VALUES 'acquired_via', 'segment', 'country') AS c (criterion)
    WHERE c.criterion = ? /* by */
        AND CAST(at_timezone(with_timezone(a.created_at, 'UTC'), t.time_zone) AS date) <= CAST(? /* to */ AS date)
),
payments AS (
    SELECT
        o.tenant_id,
        o.customer_id,
        o.currency,
        1 AS orders,
        CASE o.status WHEN 'refunded' THEN CAST(0 AS decimal(12, 2)) ELSE o.total_amount END AS order_revenue,
        CAST(0 AS decimal(12, 2)) AS subscription_revenue
    FROM silver.orders AS o
    JOIN silver.tenants AS t ON t.id = o.tenant_id
    WHERE o.status NOT IN ('pending', 'cancelled')
        AND CAST(at_timezone(with_timezone(o.ordered_at, 'UTC'), t.time_zone) AS date) <= CAST(? /* to */ AS date)
    UNION ALL
    SELECT i.tenant_id, i.customer_id, t.currency, 0, CAST(0 AS decimal(12, 2)), i.amount
    FROM silver.invoices AS i
    JOIN silver.tenants AS t ON t.id = i.tenant_id
    WHERE i.subscription_id IS NOT NULL
        AND i.status = 'paid'
        AND CAST(at_timezone(with_timezone(i.paid_at, 'UTC'), t.time_zone) AS date) <= CAST(? /* to */ AS date)
    UNION ALL
    -- Who brought nothing is a customer, too.
    SELECT tenant_id, customer_id, currency, 0, CAST(0 AS decimal(12, 2)), CAST(0 AS decimal(12, 2))
    FROM accounts
),
customer_values AS (
    SELECT
        a.tenant_id,
        a.customer_group,
        a.customer_id,
        m.currency,
        sum(m.orders) AS orders,
        sum(m.order_revenue) AS order_revenue,
        sum(m.subscription_revenue) AS subscription_revenue
    FROM accounts AS a
    JOIN payments AS m ON m.tenant_id = a.tenant_id AND m.customer_id = a.customer_id
    GROUP BY a.tenant_id, a.customer_group, a.customer_id, m.currency
),
group_values AS (
    SELECT
        tenant_id,
        customer_group,
        currency,
        -- In the tenant's currency each of them has a row.
        max(count(*)) OVER (PARTITION BY tenant_id, customer_group) AS customers,
        count_if(orders > 0) AS buyers,
        sum(orders) AS orders,
        sum(order_revenue) AS order_revenue,
        sum(subscription_revenue) AS subscription_revenue,
        sum(order_revenue + subscription_revenue) AS lifetime_value
    FROM customer_values
    GROUP BY tenant_id, customer_group, currency
)
SELECT
    t.slug AS tenant,
    g.currency,
    g.customer_group,
    g.customers,
    g.buyers,
    g.orders,
    g.order_revenue,
    g.subscription_revenue,
    g.lifetime_value,
    CAST(g.lifetime_value / g.customers AS decimal(18, 2)) AS average_lifetime_value
FROM group_values AS g
JOIN silver.tenants AS t ON t.id = g.tenant_id
ORDER BY tenant, g.currency, g.lifetime_value DESC, g.customer_group
