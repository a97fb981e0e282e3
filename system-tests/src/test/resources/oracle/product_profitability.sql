with lines as (
  select p.tenant_id, t.slug, t.currency, p.id, p.sku, p.name, p.category, o.id as order_id, i.quantity,
         i.quantity * i.unit_price - i.discount_amount as paid,
         i.quantity * p.unit_cost as cost
    from shop.order_items i
    join shop.orders o on (o.tenant_id, o.id) = (i.tenant_id, i.order_id)
    join shop.products p on (p.tenant_id, p.id) = (i.tenant_id, i.product_id)
    join shop.tenants t on t.id = i.tenant_id
   where o.status in ('paid', 'shipped', 'delivered')
     and o.currency = t.currency
     and (o.ordered_at at time zone t.time_zone)::date between ${from}::date and ${to}::date
)
select slug as tenant,
       currency,
       id as product_id,
       sku,
       name as product,
       category,
       count(distinct order_id) as orders,
       sum(quantity) as units,
       sum(paid) as revenue,
       sum(cost) as cost,
       sum(paid - cost) as profit,
       round(100 * sum(paid - cost) / nullif(sum(paid), 0), 2) as margin_percent
  from lines
 group by tenant_id, slug, currency, id, sku, name, category
