package dev.tenantlake.local.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when Postgres goes away, by a connection that it holds open and asks something of, twice a second. A
 * connection that breaks is opened anew a few times first: it may be that but the connection was ended.
 */
final class PostgresWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWatch.class);
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int ATTEMPTS = 4;

    private final Connector connector;
    private final Runnable onDeath;
    private volatile boolean closed;

    private PostgresWatch(Connector connector, Runnable onDeath) {
        this.connector = requireNonNull(connector, "connector");
        this.onDeath = requireNonNull(onDeath, "onDeath");
    }

    static PostgresWatch start(Connector connector, Runnable onDeath) {
        PostgresWatch watch = new PostgresWatch(connector, onDeath);
        Thread thread = new Thread(watch::run, "postgres-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        int failures = 0;
        while (!closed && failures < ATTEMPTS) {
            try (Connection connection = connector.connect()) {
                failures = 0;
                while (!closed && connection.isValid(5)) {
                    LockSupport.parkNanos(EVERY);
                }
            } catch (SQLException e) {
                failures++;
                LOG.debug("event=postgres_not_reached attempt={} error={}", failures, e.getMessage());
                LockSupport.parkNanos(EVERY);
            }
        }
        if (!closed) {
            onDeath.run();
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Connector {
        Connection connect() throws SQLException;
    }
}
