-- gold.lifetime_monthly, as gold.lifetime_daily has it.
SELECT
    tenant_id,
    customer_group,
    currency,
    date_trunc('month', day) AS month,
    sum(new_customers) AS new_customers,
    sum(new_buyers) AS new_buyers,
    sum(orders) AS orders,
    CAST(sum(order_revenue) AS decimal(18, 2)) AS order_revenue,
    CAST(sum(subscription_revenue) AS decimal(18, 2)) AS subscription_revenue,
    grouped_by
FROM gold.lifetime_daily
GROUP BY tenant_id, grouped_by, customer_group, currency, date_trunc('month', day)
