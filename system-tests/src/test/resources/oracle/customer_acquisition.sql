with won as (
  select t.slug, c.acquired_via,
         date_trunc(${period}, c.created_at at time zone t.time_zone)::date as period_start
    from shop.customers c
    join shop.tenants t on t.id = c.tenant_id
   where (c.created_at at time zone t.time_zone)::date <= ${to}::date
)
select w.slug as tenant,
       w.period_start,
       w.acquired_via,
       count(*) as new_customers,
       round(100.0 * count(*)
         / (select count(*) from won a where (a.slug, a.period_start) = (w.slug, w.period_start)), 2) as share_percent,
       (select count(*) from won a
         where (a.slug, a.acquired_via) = (w.slug, w.acquired_via) and a.period_start <= w.period_start)
         as customers_to_date
  from won w
 where w.period_start >= date_trunc(${period}, ${from}::timestamp)
 group by w.slug, w.period_start, w.acquired_via
