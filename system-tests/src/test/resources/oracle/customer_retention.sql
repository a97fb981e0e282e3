-- The customers of each period as a set, and what it has in common with the sets before.
with buyers as (
  select distinct o.tenant_id, o.customer_id, date_trunc(${period}, o.ordered_at at time zone t.time_zone) as period
    from shop.orders o
    join shop.tenants t on t.id = o.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
), periods as (
  select tenant_id, first, p as period, p - step as before, p + step as after
    from (select tenant_id, min(period) as first, max(period) as last,
                 case ${period} when 'month' then interval '1 month' when 'quarter' then interval '3 months'
                      else interval '1 year' end as step
            from buyers group by 1) spans,
         generate_series(first, last, step) p
), sets as (
  select t.slug, p.*, p.after <= now() at time zone t.time_zone as is_complete,
         array(select customer_id from buyers b where (b.tenant_id, b.period) = (p.tenant_id, p.period)) as active,
         array(select customer_id from buyers b where (b.tenant_id, b.period) = (p.tenant_id, p.before)) as previous,
         array(select customer_id from buyers b where b.tenant_id = p.tenant_id and b.period < p.period) as known
    from periods p
    join shop.tenants t on t.id = p.tenant_id
), counted as (
  select s.*,
         cardinality(previous) as had,
         (select count(*) from unnest(active) a where a <> all (known)) as fresh,
         (select count(*) from unnest(active) a where a = any (previous)) as kept,
         (select count(*) from unnest(active) a where a = any (known) and a <> all (previous)) as back,
         (select count(*) from unnest(previous) b where b <> all (active)) as lost
    from sets s
)
select slug as tenant,
       period::date as period_start,
       cardinality(active) as active_customers,
       fresh as new_customers,
       kept as retained_customers,
       back as returned_customers,
       case when period > first then had end as previous_customers,
       case when period > first and is_complete then lost end as lost_customers,
       case when is_complete and had > 0 then round(100.0 * kept / had, 2) end as retention_percent,
       case when is_complete and had > 0 then round(100.0 * lost / had, 2) end as churn_percent,
       is_complete
  from counted
 where period between date_trunc(${period}, ${from}::timestamp) and ${to}::timestamp
