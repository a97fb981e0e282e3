with sales as (
  select i.tenant_id, o.currency, p.category, i.product_id, i.quantity, i.discount_amount,
         i.quantity * i.unit_price as gross
    from shop.order_items i
    join shop.orders o on (o.tenant_id, o.id) = (i.tenant_id, i.order_id)
    join shop.products p on (p.tenant_id, p.id) = (i.tenant_id, i.product_id)
    join shop.tenants t on t.id = i.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
     and (o.ordered_at at time zone t.time_zone)::date between ${from}::date and ${to}::date
)
select t.slug as tenant,
       s.currency,
       s.category,
       count(distinct s.product_id) as products,
       sum(s.quantity) as units,
       sum(s.gross) as gross_amount,
       sum(s.discount_amount) as discount_amount,
       sum(s.gross - s.discount_amount) as revenue,
       round(100 * sum(s.gross - s.discount_amount) / nullif(
         (select sum(a.gross - a.discount_amount) from sales a
           where (a.tenant_id, a.currency) = (t.id, s.currency)), 0), 2) as share_percent
  from sales s
  join shop.tenants t on t.id = s.tenant_id
 group by t.id, t.slug, s.currency, s.category
