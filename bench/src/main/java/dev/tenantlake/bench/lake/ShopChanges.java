package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.SourceTable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Changes the shop as its traffic does, in transactions of a size of one's choosing: of a hundred changes 44 are new
 * events and items, 16 products' stock, 20 new and advanced orders, 8 invoices, 4 customers or subscriptions, 4 deletes
 * and the rest of each other kind. Busy tenants have more of them. Updates are of rows that were lately made, of the newest
 * 10,000 ids of a table, however long its history is; one in ten, and a quarter of the deletes, are of any.
 */
public final class ShopChanges implements AutoCloseable {

    /** So many changes are made of one tenant, in these proportions. */
    private static final int LOT = 25;

    private static final int SMALL = 100;
    /** How many of a table's newest ids most updates are of. */
    private static final long NEWEST = 10_000;

    private final Connection connection;
    private final Random random;
    private final List<Tenant> tenants = new ArrayList<>();
    private long lots;

    private record Tenant(long id, String currency, long customersUpToHere) {}

    /** @param connection to the source; it is closed with this */
    public ShopChanges(Connection connection, long seed) {
        this.connection = requireNonNull(connection, "connection");
        this.random = new Random(seed);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                    select t.id, t.currency, sum(count(c.id)) over (order by t.id)
                      from shop.tenants t join shop.customers c on c.tenant_id = t.id
                     group by t.id, t.currency order by t.id
                    """)) {
            while (row.next()) {
                tenants.add(new Tenant(row.getLong(1), row.getString(2), row.getLong(3)));
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failure(e);
        }
        if (tenants.isEmpty()) {
            throw new LakeException(LakeException.Kind.UNFIT, "the shop has no tenants to change");
        }
    }

    /**
     * Changes about so many rows in one transaction, over all tables.
     *
     * @return how many it were
     */
    public int commit(int changes) {
        try {
            int made = 0;
            while (made + LOT <= changes) {
                // A small transaction is of one tenant, as the shop's own are; in a large one many take part.
                made += lot(changes <= SMALL ? changes / LOT : 1);
            }
            connection.commit();
            return made;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Changes a row of the tenants' table, which the traffic never does by itself, in a transaction that is open. */
    public int touchTenant() {
        try {
            return update(
                    "update shop.tenants set plan = case plan when 'growth' then 'enterprise' else 'growth' end"
                            + " where id = ?",
                    any().id());
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Where the source's log ends. */
    public Lsn end() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_current_wal_insert_lsn()::text")) {
            row.next();
            Lsn lsn = Lsn.parse(row.getString(1));
            connection.commit();
            return lsn;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Changes {@code 25 × size} rows of one tenant. */
    private int lot(int size) throws SQLException {
        lots++;
        Tenant tenant = any();
        boolean anyAge = lots % 10 == 0;
        Array customers = ids(SourceTable.CUSTOMERS, tenant, 10 * size, true);
        Array products = ids(SourceTable.PRODUCTS, tenant, 4 * size, true);
        int made = update("""
            insert into shop.events (tenant_id, customer_id, session_id, event_type, product_id, properties)
            select ?, c[1 + n % array_length(c, 1)], gen_random_uuid(), 'product_viewed',
                   p[1 + n % array_length(p, 1)], jsonb_build_object('position', n)
              from generate_series(1, ?) n, (select ?::bigint[] c, ?::bigint[] p) given
            """, tenant.id(), 8 * size, customers, products);
        Array orders = newOrders(tenant, customers, 2 * size);
        made += 2 * size;
        made += update("""
            insert into shop.order_items (tenant_id, order_id, product_id, quantity, unit_price)
            select ?, o[1 + n % array_length(o, 1)], p[1 + n % array_length(p, 1)], 1 + n % 3, 9.90 + n
              from generate_series(1, ?) n, (select ?::bigint[] o, ?::bigint[] p) given
            """, tenant.id(), 4 * size, orders, products);
        made += update("""
            update shop.products set stock_quantity = stock_quantity + 1 where tenant_id = ? and id = any(?)
            """, tenant.id(), products);
        made += update("""
            update shop.orders set status = case status when 'pending' then 'paid' when 'paid' then 'shipped'
                                                        when 'shipped' then 'delivered' when 'delivered' then 'refunded'
                                                        else status end
             where tenant_id = ? and id = any(?)
            """, tenant.id(), ids(SourceTable.ORDERS, tenant, 3 * size, anyAge));
        made += update("""
            insert into shop.invoices (tenant_id, customer_id, order_id, status, amount, due_at)
            select tenant_id, customer_id, id, 'open', total_amount, now() + interval '14 days'
              from shop.orders where tenant_id = ? and id = any(?) order by id limit ?
            """, tenant.id(), orders, size);
        made += update("""
            update shop.invoices set amount = amount + 0.01 where tenant_id = ? and id = any(?)
            """, tenant.id(), ids(SourceTable.INVOICES, tenant, size, anyAge));
        made += person(tenant, size);
        boolean items = lots % 4 == 0;
        SourceTable deleted = items ? SourceTable.ORDER_ITEMS : SourceTable.EVENTS;
        made += update(
                "delete from " + deleted.qualifiedName() + " where tenant_id = ? and id = any(?)",
                tenant.id(),
                ids(deleted, tenant, size, items));
        return made;
    }

    private int person(Tenant tenant, int size) throws SQLException {
        if (lots % 3 == 0) {
            return update("""
                insert into shop.customers (tenant_id, name, country)
                select ?, 'Customer ' || n, 'DE' from generate_series(1, ?) n
                """, tenant.id(), size);
        }
        if (lots % 3 == 1) {
            return update(
                    "update shop.subscriptions set monthly_amount = monthly_amount + 0.01"
                            + " where tenant_id = ? and id = any(?)",
                    tenant.id(),
                    ids(SourceTable.SUBSCRIPTIONS, tenant, size, true));
        }
        return update(
                "update shop.customers set segment = case segment when 'consumer' then 'business' else 'consumer' end"
                        + " where tenant_id = ? and id = any(?)",
                tenant.id(),
                ids(SourceTable.CUSTOMERS, tenant, size, true));
    }

    private Array newOrders(Tenant tenant, Array customers, int count) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
            with made as (
                insert into shop.orders (tenant_id, customer_id, status, currency, total_amount)
                select ?, c[1 + n % array_length(c, 1)], 'pending', ?, 19.90 + n
                  from generate_series(1, ?) n, (select ?::bigint[] c) given
                returning id)
            select array_agg(id) from made
            """)) {
            insert.setLong(1, tenant.id());
            insert.setString(2, tenant.currency());
            insert.setInt(3, count);
            insert.setArray(4, customers);
            return array(insert);
        }
    }

    /** Ids of rows that are there, up to so many, no two the same: of the newest, or of any. */
    private Array ids(SourceTable table, Tenant tenant, int count, boolean anyAge) throws SQLException {
        try (PreparedStatement pick = connection.prepareStatement("""
            select array_agg(distinct picked.id)
              from (select max(id) highest from %1$s where tenant_id = ?) newest,
                   unnest(?::float8[]) place,
                   lateral (select id from %1$s
                             where tenant_id = ?
                               and id >= highest - (place * least(highest, coalesce(?, highest)))::bigint
                             order by id limit 1) picked
            """.formatted(table.qualifiedName()))) {
            pick.setLong(1, tenant.id());
            pick.setArray(
                    2,
                    connection.createArrayOf(
                            "float8",
                            LongStream.range(0, count)
                                    .mapToObj(i -> random.nextDouble())
                                    .toArray()));
            pick.setLong(3, tenant.id());
            pick.setObject(4, anyAge ? null : NEWEST, Types.BIGINT);
            return array(pick);
        }
    }

    private static Array array(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Array array = row.getArray(1);
            if (array == null) {
                throw new LakeException(LakeException.Kind.UNFIT, "a tenant of the shop has no rows to change");
            }
            return array;
        }
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    private Tenant any() {
        long customers = tenants.get(tenants.size() - 1).customersUpToHere();
        long at = (long) (random.nextDouble() * customers);
        return tenants.stream()
                .filter(tenant -> at < tenant.customersUpToHere())
                .findFirst()
                .orElseThrow();
    }

    private static LakeException failure(SQLException e) {
        return new LakeException(LakeException.Kind.UNFIT, "the shop could not be changed: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
