with visits as (
  select e.tenant_id, (min(e.occurred_at) at time zone t.time_zone)::date as day,
         bool_or(e.event_type = 'purchase') as bought,
         bool_or(e.event_type in ('purchase', 'checkout')) as checked_out,
         bool_or(e.event_type in ('purchase', 'checkout', 'add_to_cart')) as filled_a_cart,
         bool_or(e.event_type in ('purchase', 'checkout', 'add_to_cart', 'product_view')) as viewed
    from shop.events e
    join shop.tenants t on t.id = e.tenant_id
   group by e.tenant_id, t.time_zone, e.session_id
)
select t.slug as tenant,
       date_trunc(${period}, v.day::timestamp)::date as period_start,
       count(*) as visits,
       count(*) filter (where viewed) as product_views,
       count(*) filter (where filled_a_cart) as carts,
       count(*) filter (where checked_out) as checkouts,
       count(*) filter (where bought) as purchases,
       round(100.0 * count(*) filter (where bought) / count(*), 2) as conversion_percent,
       round(100.0 * count(*) filter (where filled_a_cart and not bought)
         / nullif(count(*) filter (where filled_a_cart), 0), 2) as cart_abandonment_percent
  from visits v
  join shop.tenants t on t.id = v.tenant_id
 where v.day between ${from}::date and ${to}::date
 group by 1, 2
