with figures as (
  select t.slug, t.currency, p.category, p.stock_quantity, p.unit_cost,
         coalesce((select sum(i.quantity)
                     from shop.order_items i
                     join shop.orders o on (o.tenant_id, o.id) = (i.tenant_id, i.order_id)
                    where (i.tenant_id, i.product_id) = (p.tenant_id, p.id)
                      and o.status in ('paid', 'shipped', 'delivered')
                      and (o.ordered_at at time zone t.time_zone)::date < (now() at time zone t.time_zone)::date
                      and (o.ordered_at at time zone t.time_zone)::date
                          >= (now() at time zone t.time_zone)::date - ${days}), 0) as sold
    from shop.products p
    join shop.tenants t on t.id = p.tenant_id
), sums as (
  select slug, currency, category,
         count(*) as products,
         sum(stock_quantity) as stock_units,
         sum(stock_quantity * unit_cost) as stock_value,
         sum(sold) as units_sold,
         sum(sold * unit_cost) as cost_of_goods_sold
    from figures
   group by 1, 2, 3
)
select slug as tenant, category, currency, products, stock_units, stock_value, units_sold, cost_of_goods_sold,
       round(cost_of_goods_sold * 365 / nullif(stock_value * ${days}, 0), 2) as turnover,
       round(stock_value * ${days} / nullif(cost_of_goods_sold, 0), 2) as days_of_stock
  from sums
