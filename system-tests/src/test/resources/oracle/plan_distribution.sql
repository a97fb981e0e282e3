select t.slug as tenant,
       s.plan,
       t.currency,
       count(*) as subscriptions,
       count(*) filter (where s.status = 'active') as active_subscriptions,
       count(*) filter (where s.status = 'paused') as paused_subscriptions,
       round(100.0 * count(*) / (select count(*) from shop.subscriptions a
                                  where a.tenant_id = t.id and a.status in ('active', 'paused')), 2) as share_percent,
       coalesce(sum(s.monthly_amount) filter (where s.status = 'active'), 0) as mrr,
       round(100 * coalesce(sum(s.monthly_amount) filter (where s.status = 'active'), 0)
         / nullif((select sum(a.monthly_amount) from shop.subscriptions a
                    where a.tenant_id = t.id and a.status = 'active'), 0), 2) as mrr_share_percent
  from shop.subscriptions s
  join shop.tenants t on t.id = s.tenant_id
 where s.status in ('active', 'paused')
 group by t.id, t.slug, t.currency, s.plan
