-- Every period from a tenant's first sale to its last, each looked up in the orders, and so is the one before it.
with sales as (
  select o.tenant_id, o.currency, o.total_amount,
         date_trunc(${period}, o.ordered_at at time zone t.time_zone) as period
    from shop.orders o
    join shop.tenants t on t.id = o.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
), periods as (
  select tenant_id, currency, first, step, p as period, p - step as previous
    from (select tenant_id, currency, min(period) as first, max(period) as last,
                 case ${period} when 'month' then interval '1 month' else interval '3 months' end as step
            from sales group by 1, 2) spans,
         generate_series(first, last, step) p
), figures as (
  select p.*,
         (select count(*) from sales s
           where (s.tenant_id, s.currency, s.period) = (p.tenant_id, p.currency, p.period)) as orders,
         (select coalesce(sum(total_amount), 0) from sales s
           where (s.tenant_id, s.currency, s.period) = (p.tenant_id, p.currency, p.period)) as revenue,
         case when p.period > p.first then
           (select coalesce(sum(total_amount), 0) from sales s
             where (s.tenant_id, s.currency, s.period) = (p.tenant_id, p.currency, p.previous)) end as previous_revenue
    from periods p
)
select t.slug as tenant,
       f.period::date as period_start,
       f.currency,
       f.orders,
       f.revenue,
       f.previous_revenue,
       case when f.period + f.step <= now() at time zone t.time_zone and f.previous_revenue > 0
            then round(100 * f.revenue / f.previous_revenue - 100, 2) end as growth_percent,
       f.period + f.step <= now() at time zone t.time_zone as is_complete
  from figures f
  join shop.tenants t on t.id = f.tenant_id
 where f.period between date_trunc(${period}, ${from}::timestamp) and ${to}::timestamp
