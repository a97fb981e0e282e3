-- An event is a step unless the one right before it in its visit is of the same kind.
with steps as (
  select e.tenant_id, e.session_id, e.id, e.event_type, e.occurred_at,
         e.event_type is distinct from
           (select b.event_type from shop.events b
             where (b.tenant_id, b.session_id) = (e.tenant_id, e.session_id)
               and (b.occurred_at, b.id) < (e.occurred_at, e.id)
             order by b.occurred_at desc, b.id desc limit 1) as is_step
    from shop.events e
), visits as (
  select t.slug, s.session_id,
         string_agg(s.event_type, ' > ' order by s.occurred_at, s.id) filter (where is_step) as journey,
         count(*) filter (where is_step) as steps,
         bool_or(s.event_type = 'purchase') as bought
    from steps s
    join shop.tenants t on t.id = s.tenant_id
   group by t.slug, t.time_zone, s.tenant_id, s.session_id
  having (min(s.occurred_at) at time zone t.time_zone)::date between ${from}::date and ${to}::date
), journeys as (
  select slug, journey, steps, bought, count(*) as visits from visits group by 1, 2, 3, 4
), placed as (
  select j.*,
         1 + (select count(*) from journeys b
               where b.slug = j.slug
                 and (b.visits > j.visits or b.visits = j.visits and b.journey collate "C" < j.journey)) as place,
         (select count(*) from visits v where v.slug = j.slug) as all_visits
    from journeys j
)
select slug as tenant, place, journey, steps, bought, visits, round(100.0 * visits / all_visits, 2) as share_percent
  from placed
 where place <= ${places}
