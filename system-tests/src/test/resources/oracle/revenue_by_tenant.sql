select t.slug as tenant,
       date_trunc(${period}, o.ordered_at at time zone t.time_zone)::date as period_start,
       o.currency,
       count(*) as orders,
       sum(o.total_amount) as revenue,
       coalesce(sum(o.total_amount) filter (where o.status = 'refunded'), 0) as refunds,
       coalesce(sum(o.total_amount) filter (where o.status <> 'refunded'), 0) as net_revenue
  from shop.orders o
  join shop.tenants t on t.id = o.tenant_id
 where o.status in ('paid', 'shipped', 'delivered', 'refunded')
   and (o.ordered_at at time zone t.time_zone)::date between ${from}::date and ${to}::date
 group by 1, 2, 3
