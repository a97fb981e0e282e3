-- metric: customer_lifetime_value
-- answers: What has a customer brought in so far, by channel, segment or country?
-- subject: customers
-- grain: tenant, currency, customer_group
-- tables: gold.lifetime_daily, gold.lifetime_monthly, silver.tenants
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
-- note: The figures follow when nothing else is to be done, and once a minute while there is: under steady traffic they
--   are up to a minute older than those of other metrics.
WITH brought AS (
    SELECT
        tenant_id,
        customer_group,
        currency,
        new_customers,
        new_buyers,
        orders,
        order_revenue,
        subscription_revenue
    FROM gold.lifetime_monthly
    WHERE grouped_by = ? /* by */
        AND last_day_of_month(month) <= CAST(? /* to */ AS date)
    UNION ALL
    -- Of the last month, unless it is whole, the days.
    SELECT
        tenant_id,
        customer_group,
        currency,
        new_customers,
        new_buyers,
        orders,
        order_revenue,
        subscription_revenue
    FROM gold.lifetime_daily
    WHERE grouped_by = ? /* by */
        AND month = date_format(CAST(? /* to */ AS date), '%Y-%m')
        AND day <= CAST(? /* to */ AS date)
        AND last_day_of_month(day) > CAST(? /* to */ AS date)
),
group_values AS (
    SELECT
        tenant_id,
        customer_group,
        currency,
        -- Accounts are in the tenant's currency alone.
        max(sum(new_customers)) OVER (PARTITION BY tenant_id, customer_group) AS customers,
        sum(new_buyers) AS buyers,
        sum(orders) AS orders,
        sum(order_revenue) AS order_revenue,
        sum(subscription_revenue) AS subscription_revenue,
        sum(order_revenue + subscription_revenue) AS lifetime_value
    FROM brought
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
