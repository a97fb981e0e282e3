with visits as (
  select e.tenant_id, (min(e.occurred_at) at time zone t.time_zone)::date as day, e.session_id,
         bool_or(e.event_type = 'purchase') as bought,
         bool_or(e.event_type = 'checkout') as checked_out
    from shop.events e
    join shop.tenants t on t.id = e.tenant_id
   group by e.tenant_id, t.time_zone, e.session_id
  having bool_or(e.event_type in ('add_to_cart', 'checkout', 'purchase'))
), carts as (
  select v.*,
         coalesce((select sum(p.unit_price * case when e.properties ->> 'quantity' ~ '^-?[0-9]{1,18}$'
                                                  then (e.properties ->> 'quantity')::bigint else 1 end)
                     from shop.events e
                     join shop.products p on (p.tenant_id, p.id) = (e.tenant_id, e.product_id)
                    where (e.tenant_id, e.session_id, e.event_type) = (v.tenant_id, v.session_id, 'add_to_cart')), 0)
           as value
    from visits v
   where v.day between ${from}::date and ${to}::date
)
select t.slug as tenant,
       date_trunc(${period}, c.day::timestamp)::date as period_start,
       t.currency,
       count(*) as carts,
       count(*) filter (where not bought) as abandoned_carts,
       count(*) filter (where checked_out and not bought) as abandoned_at_checkout,
       round(100.0 * count(*) filter (where not bought) / count(*), 2) as abandonment_percent,
       coalesce(sum(value) filter (where not bought), 0) as abandoned_value,
       round(avg(value) filter (where not bought), 2) as average_abandoned_value
  from carts c
  join shop.tenants t on t.id = c.tenant_id
 group by 1, 2, 3
