-- Customer by customer and month by month, up to the running month, what was recurring; then each month against the one
-- before it.
with clocks as (
  select id as tenant_id, slug, currency, time_zone, date_trunc('month', now() at time zone time_zone) as running
    from shop.tenants
), bills as (
  select distinct on (i.tenant_id, i.customer_id, date_trunc('month', i.issued_at at time zone k.time_zone))
         i.tenant_id, i.customer_id, date_trunc('month', i.issued_at at time zone k.time_zone) as month, i.amount
    from shop.invoices i
    join shop.subscriptions s on (s.tenant_id, s.id) = (i.tenant_id, i.subscription_id)
    join clocks k on k.tenant_id = i.tenant_id
   where i.status in ('open', 'paid', 'refunded')
     and i.issued_at at time zone k.time_zone < k.running
     and not coalesce(date_trunc('month', s.cancelled_at at time zone k.time_zone)
                        <= date_trunc('month', i.issued_at at time zone k.time_zone), false)
   order by 1, 2, 3, i.issued_at desc, i.id desc
), recurring as (
  select tenant_id, customer_id, month, amount from bills where amount > 0
  union all
  select s.tenant_id, s.customer_id, k.running, s.monthly_amount
    from shop.subscriptions s
    join clocks k using (tenant_id)
   where s.status = 'active' and s.monthly_amount > 0
), months as (
  select k.*, m as month
    from clocks k
    join (select tenant_id, min(month) as first from recurring group by 1) f using (tenant_id),
         generate_series(f.first, k.running, interval '1 month') m
), customers as (
  select tenant_id, customer_id, min(month) as first from recurring group by 1, 2
), grid as (
  select m.tenant_id, m.month, c.first,
         coalesce(n.amount, 0) as now_pays,
         coalesce(b.amount, 0) as paid_before
    from months m
    join customers c using (tenant_id)
    left join recurring n on (n.tenant_id, n.customer_id, n.month) = (m.tenant_id, c.customer_id, m.month)
    left join recurring b on (b.tenant_id, b.customer_id, b.month)
                           = (m.tenant_id, c.customer_id, m.month - interval '1 month')
)
select m.slug as tenant,
       m.month::date as month,
       m.currency,
       sum(g.paid_before) as opening_mrr,
       coalesce(sum(g.now_pays) filter (where g.first = g.month), 0) as new_mrr,
       coalesce(sum(g.now_pays) filter (where g.first < g.month and g.paid_before = 0), 0) as reactivation_mrr,
       coalesce(sum(g.now_pays - g.paid_before) filter (where g.paid_before > 0 and g.now_pays > g.paid_before), 0)
         as expansion_mrr,
       coalesce(sum(g.paid_before - g.now_pays) filter (where g.now_pays > 0 and g.now_pays < g.paid_before), 0)
         as contraction_mrr,
       coalesce(sum(g.paid_before) filter (where g.now_pays = 0), 0) as churned_mrr,
       sum(g.now_pays) as closing_mrr,
       count(*) filter (where g.now_pays > 0) as customers,
       count(*) filter (where g.first = g.month) as new_customers,
       count(*) filter (where g.paid_before > 0 and g.now_pays = 0) as churned_customers,
       m.month < m.running as is_complete
  from months m
  join grid g on (g.tenant_id, g.month) = (m.tenant_id, m.month)
 where m.month between date_trunc('month', ${from}::timestamp) and ${to}::timestamp
 group by m.slug, m.month, m.currency, m.running
