-- Every category of a tenant in every month from its first sale to its last.
with sales as (
  select i.tenant_id, o.currency, p.category, i.quantity,
         i.quantity * i.unit_price - i.discount_amount as amount,
         date_trunc('month', o.ordered_at at time zone t.time_zone) as month
    from shop.order_items i
    join shop.orders o on (o.tenant_id, o.id) = (i.tenant_id, i.order_id)
    join shop.products p on (p.tenant_id, p.id) = (i.tenant_id, i.product_id)
    join shop.tenants t on t.id = i.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
), months as (
  select tenant_id, currency, generate_series(min(month), max(month), interval '1 month') as month
    from sales group by 1, 2
), figures as (
  select m.tenant_id, m.currency, c.category, m.month,
         coalesce((select sum(quantity) from sales s where (s.tenant_id, s.currency, s.category, s.month)
                   = (m.tenant_id, m.currency, c.category, m.month)), 0) as units,
         coalesce((select sum(amount) from sales s where (s.tenant_id, s.currency, s.category, s.month)
                   = (m.tenant_id, m.currency, c.category, m.month)), 0) as revenue,
         (select sum(amount) from sales s where (s.tenant_id, s.currency, s.month)
                   = (m.tenant_id, m.currency, m.month)) as all_revenue
    from months m
    join (select distinct tenant_id, currency, category from sales) c using (tenant_id, currency)
)
select t.slug as tenant,
       f.currency,
       f.category,
       f.month::date as month,
       f.units,
       f.revenue,
       case when f.month + interval '1 month' <= now() at time zone t.time_zone and b.revenue > 0
            then round(100 * (f.revenue - b.revenue) / b.revenue, 2) end as growth_percent,
       round(100 * f.revenue / nullif(f.all_revenue, 0), 2) as share_percent,
       round(100 * f.revenue / nullif(f.all_revenue, 0), 2) - round(100 * b.revenue / nullif(b.all_revenue, 0), 2)
         as share_change,
       f.month + interval '1 month' <= now() at time zone t.time_zone as is_complete
  from figures f
  join shop.tenants t on t.id = f.tenant_id
  left join figures b on (b.tenant_id, b.currency, b.category, b.month)
                       = (f.tenant_id, f.currency, f.category, f.month - interval '1 month')
 where f.month between date_trunc('month', ${from}::timestamp) and ${to}::timestamp
