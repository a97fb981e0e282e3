-- Customer by customer and currency, what each brought, looked up in the orders and the subscriptions' invoices.
with people as (
  select c.tenant_id, c.id, t.slug, t.currency as home_currency, t.time_zone,
         case ${by} when 'acquired_via' then c.acquired_via when 'segment' then c.segment when 'country' then c.country
         end as customer_group
    from shop.customers c
    join shop.tenants t on t.id = c.tenant_id
   where (c.created_at at time zone t.time_zone)::date <= ${to}::date
), counted as (
  select p.tenant_id, p.id as customer_id, p.customer_group, o.currency, o.status, o.total_amount
    from people p
    join shop.orders o on (o.tenant_id, o.customer_id) = (p.tenant_id, p.id)
   where o.status in ('paid', 'shipped', 'delivered', 'refunded')
     and (o.ordered_at at time zone p.time_zone)::date <= ${to}::date
), currencies as (
  select tenant_id, customer_group, currency from counted
  union
  select tenant_id, customer_group, home_currency from people
), brought as (
  select p.slug, p.customer_group, m.currency,
         (select count(*) from counted o
           where (o.tenant_id, o.customer_id, o.currency) = (p.tenant_id, p.id, m.currency)) as orders,
         (select coalesce(sum(total_amount), 0) from counted o
           where (o.tenant_id, o.customer_id, o.currency) = (p.tenant_id, p.id, m.currency)
             and o.status <> 'refunded') as from_orders,
         (select coalesce(sum(i.amount), 0)
            from shop.subscriptions s
            join shop.invoices i on (i.tenant_id, i.subscription_id) = (s.tenant_id, s.id)
           where (s.tenant_id, s.customer_id) = (p.tenant_id, p.id)
             and i.status = 'paid'
             and (i.paid_at at time zone p.time_zone)::date <= ${to}::date
             and m.currency = p.home_currency) as from_subscriptions
    from people p
    join currencies m on (m.tenant_id, m.customer_group) = (p.tenant_id, p.customer_group)
)
select slug as tenant,
       currency,
       customer_group,
       count(*) as customers,
       count(*) filter (where orders > 0) as buyers,
       sum(orders) as orders,
       sum(from_orders) as order_revenue,
       sum(from_subscriptions) as subscription_revenue,
       sum(from_orders + from_subscriptions) as lifetime_value,
       round(avg(from_orders + from_subscriptions), 2) as average_lifetime_value
  from brought
 group by 1, 2, 3
