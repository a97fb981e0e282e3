package dev.tenantlake.control.chaos;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** Something that a transaction does to a tenant's shop. */
enum ShopChange {
    /** A new customer's order: rows in five tables. */
    ORDER(40, """
            with bought as (
                select id, unit_price from shop.products where tenant_id = %1$d order by id offset %2$d %% 20 limit 3
            ), customer as (
                insert into shop.customers (tenant_id, email, name, phone, country)
                select %1$d, gen_random_uuid() || '@example.com', 'Chaos', null, country
                  from shop.tenants where id = %1$d returning id
            ), placed as (
                insert into shop.orders (tenant_id, customer_id, status, currency, total_amount, ordered_at)
                select %1$d, customer.id, 'paid', tenants.currency, (select sum(unit_price) from bought),
                       now() - make_interval(days => %2$d %% 90)
                  from customer, shop.tenants where tenants.id = %1$d returning id, customer_id, total_amount
            ), items as (
                insert into shop.order_items (tenant_id, order_id, product_id, quantity, unit_price, discount_amount)
                select %1$d, placed.id, bought.id, 1, bought.unit_price, 0 from placed, bought
            ), invoice as (
                insert into shop.invoices (tenant_id, customer_id, order_id, status, amount, due_at, paid_at)
                select %1$d, customer_id, id, 'paid', total_amount, now() + interval '14 days', now() from placed
            )
            insert into shop.events (tenant_id, customer_id, session_id, event_type, properties)
            select %1$d, customer_id, gen_random_uuid(), 'purchase', jsonb_build_object('order_id', id) from placed
            """),
    /** Many rows at once, which share a position in the log, and half of them changed again. */
    BULK(8, """
            insert into shop.events (tenant_id, session_id, event_type, properties)
            select %1$d, gen_random_uuid(), 'view', jsonb_build_object('chaos', %2$d, 'n', n)
              from generate_series(1, 100 + %2$d %% 2000) n;
            update shop.events set properties = properties || '{"seen": true}', updated_at = now()
             where tenant_id = %1$d and xmin::text::bigint = pg_current_xact_id()::text::bigint %% 4294967296 and id %% 2 = 0
            """),
    /** A value too long for its row, and a change that leaves it as it is. */
    LONG_VALUE(6, """
            insert into shop.events (tenant_id, session_id, event_type, properties)
            select %1$d, gen_random_uuid(), 'note',
                   jsonb_build_object('text', (select string_agg(md5(random()::text), '') from generate_series(1, 300)));
            update shop.events set event_type = 'read'
             where (tenant_id, id) in (select tenant_id, id from shop.events
                                        where tenant_id = %1$d and event_type = 'note' order by id desc limit 2)
            """),
    /** Part of it undone. */
    SAVEPOINT(10, """
            savepoint before;
            insert into shop.events (tenant_id, session_id, event_type) values (%1$d, gen_random_uuid(), 'undone');
            update shop.products set stock_quantity = stock_quantity + 1000000 where tenant_id = %1$d;
            rollback to savepoint before;
            insert into shop.events (tenant_id, session_id, event_type) values (%1$d, gen_random_uuid(), 'kept');
            savepoint another;
            update shop.products set stock_quantity = stock_quantity + 1
             where tenant_id = %1$d and id %% 7 = %2$d %% 7;
            release savepoint another
            """),
    /** All of it undone. */
    ROLLBACK(8, """
            insert into shop.events (tenant_id, session_id, event_type)
            select %1$d, gen_random_uuid(), 'undone' from generate_series(1, 200);
            update shop.orders set status = 'refunded' where tenant_id = %1$d and id %% 50 = %2$d %% 50
            """),
    /** Rows that get another primary key. */
    KEY(8, """
            update shop.events set id = nextval(pg_get_serial_sequence('shop.events', 'id'))
             where (tenant_id, id) in (select tenant_id, id from shop.events
                                        where tenant_id = %1$d and id >= %2$d %% 9000 order by id limit 5)
            """),
    /** Rows that move to another month, and with it to another partition. */
    MONTH(8, """
            update shop.events set occurred_at = occurred_at - interval '31 days'
             where (tenant_id, id) in (select tenant_id, id from shop.events
                                        where tenant_id = %1$d and id >= %2$d %% 9000 order by id limit 5);
            update shop.orders set ordered_at = ordered_at - interval '31 days'
             where (tenant_id, id) in (select tenant_id, id from shop.orders
                                        where tenant_id = %1$d and id >= %2$d %% 1500 order by id limit 1)
            """),
    /** Rows that go. */
    DELETE(6, """
            delete from shop.events
             where (tenant_id, id) in (select tenant_id, id from shop.events
                                        where tenant_id = %1$d and id >= %2$d %% 9000 order by id limit 30)
            """),
    /** A row that goes, and comes back under its key in the same transaction. */
    AGAIN(6, """
            create temporary table again on commit drop as
            select * from shop.events where tenant_id = %1$d and id >= %2$d %% 9000 order by id limit 2;
            delete from shop.events where (tenant_id, id) in (select tenant_id, id from again);
            insert into shop.events (tenant_id, id, customer_id, session_id, event_type, product_id, properties, occurred_at)
            select tenant_id, id, customer_id, session_id, 'again', product_id, properties, occurred_at from again
            """);

    private final int weight;
    private final String sql;

    ShopChange(int weight, String sql) {
        this.weight = weight;
        this.sql = sql;
    }

    /** One of them, each as often as its weight of a hundred says. */
    static ShopChange any(Random random) {
        int left = random.nextInt(100);
        for (ShopChange change : values()) {
            left -= change.weight;
            if (left < 0) {
                return change;
            }
        }
        throw new IllegalStateException("the weights do not add up to 100");
    }

    /**
     * Makes it.
     *
     * @return whether it is to be committed
     */
    boolean make(Statement statement, long tenant, Random random) throws SQLException {
        statement.execute(sql.formatted(tenant, random.nextInt(1_000_000)));
        return this != ROLLBACK;
    }
}
