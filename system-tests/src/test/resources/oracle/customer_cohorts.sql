-- Each cohort as the customers of a first month; each of its months looked up in the orders.
with sales as (
  select o.tenant_id, o.currency, o.customer_id, o.total_amount,
         date_trunc('month', o.ordered_at at time zone t.time_zone) as month
    from shop.orders o
    join shop.tenants t on t.id = o.tenant_id
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
), firsts as (
  select tenant_id, currency, customer_id, min(month) as cohort from sales group by 1, 2, 3
), cohorts as (
  select tenant_id, currency, cohort, count(*) as size from firsts group by 1, 2, 3
), months as (
  select c.*, m as month
    from cohorts c,
         generate_series(c.cohort, (select max(month) from sales s
                                     where (s.tenant_id, s.currency) = (c.tenant_id, c.currency)),
                         interval '1 month') m
)
select t.slug as tenant,
       m.currency,
       m.cohort::date as cohort_month,
       ((extract(year from m.month) - extract(year from m.cohort)) * 12
         + extract(month from m.month) - extract(month from m.cohort))::bigint as months_since,
       m.size as cohort_size,
       f.active as active_customers,
       round(100.0 * f.active / m.size, 2) as retention_percent,
       f.revenue,
       f.to_date as revenue_to_date,
       round(f.to_date / m.size, 2) as revenue_per_customer,
       m.month + interval '1 month' <= now() at time zone t.time_zone as is_complete
  from months m
  join shop.tenants t on t.id = m.tenant_id
  cross join lateral (
    select count(distinct s.customer_id) filter (where s.month = m.month) as active,
           coalesce(sum(s.total_amount) filter (where s.month = m.month), 0) as revenue,
           coalesce(sum(s.total_amount) filter (where s.month <= m.month), 0) as to_date
      from sales s
      join firsts c on (c.tenant_id, c.currency, c.customer_id) = (s.tenant_id, s.currency, s.customer_id)
     where (s.tenant_id, s.currency, c.cohort) = (m.tenant_id, m.currency, m.cohort)) f
 where m.cohort between date_trunc('month', ${from}::timestamp) and ${to}::timestamp
