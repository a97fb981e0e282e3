with visits as (
  select t.slug,
         date_trunc(${period}, min(e.occurred_at) at time zone t.time_zone)::date as period_start,
         (min(e.occurred_at) at time zone t.time_zone)::date as day,
         count(*) as events,
         count(*) filter (where e.event_type = 'product_view') as views,
         extract(epoch from date_trunc('second', max(e.occurred_at)) - date_trunc('second', min(e.occurred_at)))::bigint
           as seconds,
         bool_or(e.customer_id is not null) as known
    from shop.events e
    join shop.tenants t on t.id = e.tenant_id
   group by t.slug, t.time_zone, e.session_id
)
select slug as tenant,
       period_start,
       count(*) as visits,
       count(*) filter (where known) as known_visits,
       sum(events) as events,
       sum(views) as product_views,
       sum(seconds) as seconds,
       round(avg(seconds), 2) as seconds_per_visit,
       round(avg(events), 2) as events_per_visit,
       round(avg(views), 2) as product_views_per_visit,
       round(100.0 * count(*) filter (where events = 1) / count(*), 2) as bounce_percent
  from visits
 where day between ${from}::date and ${to}::date
 group by 1, 2
