-- Each month's customers, and of each the newest bill of that month or, in the running one, what is agreed.
with months as (
  select t.id as tenant_id, t.slug, t.currency, t.time_zone, m as month,
         date_trunc('month', now() at time zone t.time_zone) as running
    from shop.tenants t,
         generate_series(
           date_trunc('month', least((select min(issued_at) from shop.invoices where tenant_id = t.id), now())
                                 at time zone t.time_zone),
           date_trunc('month', now() at time zone t.time_zone), interval '1 month') m
), recurring as (
  select m.tenant_id, m.month, c.id as customer_id,
         case when m.month = m.running then
           (select s.monthly_amount from shop.subscriptions s
             where (s.tenant_id, s.customer_id, s.status) = (c.tenant_id, c.id, 'active'))
         else
           (select i.amount
              from shop.subscriptions s
              join shop.invoices i on (i.tenant_id, i.subscription_id) = (s.tenant_id, s.id)
             where (s.tenant_id, s.customer_id) = (c.tenant_id, c.id)
               and i.status <> 'void'
               and i.issued_at >= m.month at time zone m.time_zone
               and i.issued_at < (m.month + interval '1 month') at time zone m.time_zone
               and (s.cancelled_at is null or s.cancelled_at >= (m.month + interval '1 month') at time zone m.time_zone)
             order by i.issued_at desc, i.id desc limit 1)
         end as amount
    from months m
    join shop.customers c on c.tenant_id = m.tenant_id
), figures as (
  select m.*, count(r.amount) filter (where r.amount > 0) as customers, coalesce(sum(r.amount), 0) as mrr
    from months m
    left join recurring r on (r.tenant_id, r.month) = (m.tenant_id, m.month)
   group by m.tenant_id, m.slug, m.currency, m.time_zone, m.month, m.running
), shown as (
  select f.* from figures f
   where f.month >= (select min(a.month) from figures a where a.tenant_id = f.tenant_id and a.customers > 0)
)
select f.slug as tenant,
       f.month::date as month,
       f.currency,
       f.customers,
       f.mrr,
       f.mrr * 12 as arr,
       round(f.mrr * 12 / nullif(f.customers, 0), 2) as arr_per_customer,
       case when f.month < f.running and b.mrr > 0 then round(100 * (f.mrr - b.mrr) / b.mrr, 2) end as growth_percent,
       f.month < f.running as is_complete
  from shown f
  left join shown b on (b.tenant_id, b.month) = (f.tenant_id, f.month - interval '1 month')
 where f.month between date_trunc('month', ${from}::timestamp) and ${to}::timestamp
