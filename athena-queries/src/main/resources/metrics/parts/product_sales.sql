SELECT
    tenant_id,
    product_id,
    currency,
    orders,
    units,
    gross_amount,
    discount_amount,
    revenue,
    kept_orders,
    kept_units,
    kept_revenue
FROM gold.product_monthly
WHERE month >= CAST(? /* from */ AS date)
    AND last_day_of_month(month) <= CAST(? /* to */ AS date)
UNION ALL
-- Of the months in which the time begins and ends, unless they are whole, the days.
SELECT
    tenant_id,
    product_id,
    currency,
    orders,
    units,
    gross_amount,
    discount_amount,
    revenue,
    kept_orders,
    kept_units,
    kept_revenue
FROM gold.product_daily
WHERE month IN (
        date_format(CAST(? /* from */ AS date), '%Y-%m'),
        date_format(CAST(? /* to */ AS date), '%Y-%m')
    )
    AND day BETWEEN CAST(? /* from */ AS date) AND CAST(? /* to */ AS date)
    AND (
        date_trunc('month', day) < CAST(? /* from */ AS date)
        OR last_day_of_month(day) > CAST(? /* to */ AS date)
    )
