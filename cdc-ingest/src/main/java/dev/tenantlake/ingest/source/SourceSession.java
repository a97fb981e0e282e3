package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the source that says, for as long as it is open, that this process is the one that reads the slot: it
 * holds an advisory lock on the slot's name. So a second one is turned away from its first step on, while the slot is
 * not yet streamed from.
 */
public final class SourceSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SourceSession.class);

    /** Postgres keeps the advisory locks of one pair of 32-bit numbers apart from all others; this is our first. */
    private static final int LOCK_SPACE = 0x74_6C_63_64;

    private static final String HOLDER = """
            SELECT l.pid, coalesce(host(a.client_addr), 'a local socket') AS client
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ? AND l.objid::bigint = hashtext(?)::bigint & 4294967295
            """;

    private final Connection connection;

    private SourceSession(Connection connection) {
        this.connection = requireNonNull(connection, "connection");
    }

    /**
     * Connects, and takes the lock.
     *
     * @throws LakeException of kind {@code IN_USE} if another process holds it
     */
    public static SourceSession open(PostgresConfig postgres, String slot) throws SQLException {
        Connection connection = postgres.open();
        try {
            lock(connection, slot);
            return new SourceSession(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static void lock(Connection connection, String slot) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?, hashtext(?))")) {
            lock.setInt(1, LOCK_SPACE);
            lock.setString(2, slot);
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return;
                }
            }
        }
        throw new LakeException(
                LakeException.Kind.IN_USE,
                "another cdc-ingest reads slot '" + slot + "'" + holder(connection, slot)
                        + "; stop it first, only one may run");
    }

    private static String holder(Connection connection, String slot) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HOLDER)) {
            select.setInt(1, LOCK_SPACE);
            select.setString(2, slot);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? " (server process " + row.getInt("pid") + ", from " + row.getString("client") + ")"
                        : "";
            }
        }
    }

    /** The connection; in auto-commit mode. */
    public Connection connection() {
        return connection;
    }

    /** Who the source is. */
    public EpochManifest.Source source(String slot) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT system_identifier::text, current_database() FROM pg_control_system()")) {
            row.next();
            return new EpochManifest.Source(row.getString(1), row.getString(2), slot);
        }
    }

    /** Breaks the connection off, whatever it is doing, from any thread. */
    public void abort() {
        try {
            Executor here = Runnable::run;
            connection.abort(here);
        } catch (SQLException e) {
            LOG.debug("event=abort_failed", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("event=close_failed", e);
        }
    }
}
