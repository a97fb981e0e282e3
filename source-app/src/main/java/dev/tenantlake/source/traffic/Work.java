package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.Dice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * One transaction at one tenant: runs its statements and counts the rows that they write. The driver keeps the statements
 * prepared by their text.
 */
final class Work {

    private final Connection connection;
    private final TradingTenant tenant;
    private final Dice dice;
    private final RowCounts counts = new RowCounts();

    Work(Connection connection, TradingTenant tenant, Dice dice) {
        this.connection = requireNonNull(connection, "connection");
        this.tenant = requireNonNull(tenant, "tenant");
        this.dice = requireNonNull(dice, "dice");
    }

    TradingTenant tenant() {
        return tenant;
    }

    Dice dice() {
        return dice;
    }

    /** The rows written so far. */
    RowCounts counts() {
        return counts;
    }

    /** Writes rows, and returns how many. */
    int write(SourceTable table, RowCounts.Change change, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            int rows = statement.executeUpdate();
            counts.add(table, change, rows);
            return rows;
        }
    }

    /** Writes one row for each of the values. */
    void insertAll(SourceTable table, String sql, List<Object[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Object[] row : rows) {
                set(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        counts.add(table, RowCounts.Change.INSERT, rows.size());
    }

    /** Writes one row, if there is one to write, and reads what the statement returns of it. */
    <T> Optional<T> writeOne(SourceTable table, RowCounts.Change change, Reader<T> reader, String sql, Object... values)
            throws SQLException {
        Optional<T> written = one(reader, sql, values);
        if (written.isPresent()) {
            counts.add(table, change, 1);
        }
        return written;
    }

    /** Reads the first row of a query's result, if there is one. */
    <T> Optional<T> one(Reader<T> reader, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? Optional.of(reader.read(result)) : Optional.empty();
        }
    }

    /**
     * Picks a row: the first that the query finds from a random id on, else the first of all.
     *
     * @param table whose rows are picked from
     * @param sql with two parameters, the tenant's id and the lowest id; more may follow
     */
    <T> Optional<T> pick(SourceTable table, Reader<T> reader, String sql, Object... more) throws SQLException {
        long highest = one(
                        row -> row.getLong(1),
                        "SELECT coalesce(max(id), 0) FROM " + table.qualifiedName() + " WHERE tenant_id = ?",
                        tenant.id())
                .orElse(0L);
        long from = (long) (dice.fraction() * highest);
        Optional<T> picked = one(reader, sql, values(from, more));
        return picked.isPresent() ? picked : one(reader, sql, values(0, more));
    }

    private Object[] values(long from, Object[] more) {
        Object[] values = new Object[more.length + 2];
        values[0] = tenant.id();
        values[1] = from;
        System.arraycopy(more, 0, values, 2, more.length);
        return values;
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            set(statement, values);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** Reads a row. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }
}
