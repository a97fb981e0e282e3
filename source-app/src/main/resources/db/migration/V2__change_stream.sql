-- What logical replication needs of the tables. The full replica identity gives a delete its partition (tenant and
-- month) and an unchanged TOASTed value its content; the default one has the key alone.

ALTER TABLE shop.tenants REPLICA IDENTITY FULL;
ALTER TABLE shop.customers REPLICA IDENTITY FULL;
ALTER TABLE shop.products REPLICA IDENTITY FULL;
ALTER TABLE shop.orders REPLICA IDENTITY FULL;
ALTER TABLE shop.order_items REPLICA IDENTITY FULL;
ALTER TABLE shop.events REPLICA IDENTITY FULL;
ALTER TABLE shop.subscriptions REPLICA IDENTITY FULL;
ALTER TABLE shop.invoices REPLICA IDENTITY FULL;

-- The tables by name: what else comes to this schema is not streamed before the lake knows of it.
CREATE PUBLICATION tenantlake FOR TABLE
    shop.tenants, shop.customers, shop.products, shop.orders, shop.order_items, shop.events, shop.subscriptions,
    shop.invoices
    WITH (publish = 'insert, update, delete, truncate');
