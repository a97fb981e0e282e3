-- Each subscription as the days from its start to its end; each month looked up in them.
with terms as (
  select s.tenant_id, s.monthly_amount,
         date_trunc('month', s.started_at at time zone t.time_zone) as first,
         coalesce(date_trunc('month', s.cancelled_at at time zone t.time_zone), 'infinity') as last
    from shop.subscriptions s
    join shop.tenants t on t.id = s.tenant_id
   where s.cancelled_at is null
      or date_trunc('month', s.cancelled_at at time zone t.time_zone)
         >= date_trunc('month', s.started_at at time zone t.time_zone)
), months as (
  select t.id as tenant_id, t.slug, t.currency, m as month,
         date_trunc('month', now() at time zone t.time_zone) as running
    from shop.tenants t
    join (select tenant_id, min(first) as first from terms group by 1) f on f.tenant_id = t.id,
         generate_series(f.first, date_trunc('month', now() at time zone t.time_zone), interval '1 month') m
), figures as (
  select m.*,
         (select count(*) from terms s where s.tenant_id = m.tenant_id and first < month and last >= month) as held,
         (select count(*) from terms s where s.tenant_id = m.tenant_id and first = month) as started,
         (select count(*) from terms s where s.tenant_id = m.tenant_id and last = month) as ended,
         (select count(*) from terms s where s.tenant_id = m.tenant_id and first <= month and last > month) as left_over,
         (select count(*) from terms s where s.tenant_id = m.tenant_id and last = month and first < month) as churned,
         (select coalesce(sum(monthly_amount), 0) from terms s
           where s.tenant_id = m.tenant_id and last = month) as lost
    from months m
)
select slug as tenant,
       month::date as month,
       currency,
       held as subscriptions_at_start,
       started as started_subscriptions,
       ended as cancelled_subscriptions,
       left_over as subscriptions_at_end,
       churned as churned_subscriptions,
       case when month < running and held > 0 then round(100.0 * churned / held, 2) end as churn_percent,
       lost as cancelled_monthly_amount,
       month < running as is_complete
  from figures
 where month between date_trunc('month', ${from}::timestamp) and ${to}::timestamp
