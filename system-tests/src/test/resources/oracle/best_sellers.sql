-- The place of a product is one more than the number of products before it.
with sold as (
  select i.tenant_id, o.currency, i.product_id,
         count(distinct o.id) as orders,
         sum(i.quantity) as units,
         sum(i.quantity * i.unit_price - i.discount_amount) as revenue,
         case ${by} when 'units' then sum(i.quantity)
                    else sum(i.quantity * i.unit_price - i.discount_amount) end as figure
    from shop.order_items i
    join shop.orders o on (o.tenant_id, o.id) = (i.tenant_id, i.order_id)
    join shop.tenants t on t.id = i.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
     and (o.ordered_at at time zone t.time_zone)::date between ${from}::date and ${to}::date
   group by 1, 2, 3
), placed as (
  select s.*,
         1 + (select count(*) from sold b
               where (b.tenant_id, b.currency) = (s.tenant_id, s.currency)
                 and (b.figure > s.figure or b.figure = s.figure and b.product_id < s.product_id)) as place
    from sold s
)
select t.slug as tenant, s.currency, s.place, s.product_id, p.sku, p.name as product, p.category,
       s.orders, s.units, s.revenue
  from placed s
  join shop.tenants t on t.id = s.tenant_id
  join shop.products p on (p.tenant_id, p.id) = (s.tenant_id, s.product_id)
 where s.place <= ${places}
