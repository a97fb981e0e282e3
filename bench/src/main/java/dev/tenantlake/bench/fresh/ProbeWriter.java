package dev.tenantlake.bench.fresh;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Places probes: orders of the shop's busiest tenant. */
final class ProbeWriter implements AutoCloseable {

    private final Connection connection;
    private final long tenant;
    private final String slug;
    private final long customer;
    private int placed;

    /** @param connection to the source; it is closed with this */
    ProbeWriter(Connection connection) {
        this.connection = connection;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                    select t.id, t.slug, min(c.id)
                      from shop.tenants t join shop.customers c on c.tenant_id = t.id
                      join shop.orders o on (o.tenant_id, o.customer_id) = (c.tenant_id, c.id)
                     group by t.id, t.slug order by count(*) desc limit 1
                    """)) {
            if (!row.next()) {
                throw new LakeException(LakeException.Kind.UNFIT, "the shop has no tenant with orders");
            }
            tenant = row.getLong(1);
            slug = row.getString(2);
            customer = row.getLong(3);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    long tenant() {
        return tenant;
    }

    String slug() {
        return slug;
    }

    /** Places one, in a transaction of its own. */
    Probe place() {
        String currency = Probe.currency(placed++);
        try (PreparedStatement insert = connection.prepareStatement("""
            insert into shop.orders (tenant_id, customer_id, status, currency, total_amount)
            values (?, ?, 'paid', ?, 1.00) returning pg_current_wal_insert_lsn()::text
            """)) {
            insert.setLong(1, tenant);
            insert.setLong(2, customer);
            insert.setString(3, currency);
            Lsn notBefore;
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                notBefore = Lsn.parse(row.getString(1));
            }
            long committing = System.nanoTime();
            connection.commit();
            return new Probe(currency, notBefore, committing);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static LakeException failure(SQLException e) {
        return new LakeException(LakeException.Kind.UNFIT, "no probe could be placed: " + e.getMessage(), e);
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
