package dev.tenantlake.local.postgres;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when Postgres goes away, by a connection that it holds open and asks something of, twice a second. A
 * connection that breaks is opened anew first: it may be that but the connection was ended, that Postgres recovers from
 * a crash of one of its processes, or that the machine is busy.
 */
final class PostgresWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWatch.class);
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(500);
    /** How often it is tried to connect to a Postgres that runs, and to one whose process is gone. */
    private static final int ATTEMPTS_WHILE_IT_RUNS = 60;

    private static final int ATTEMPTS_AFTER_ITS_END = 2;

    private final Connector connector;
    private final BooleanSupplier running;
    private final Runnable onDeath;
    private volatile boolean closed;

    private PostgresWatch(Connector connector, BooleanSupplier running, Runnable onDeath) {
        this.connector = requireNonNull(connector, "connector");
        this.running = requireNonNull(running, "running");
        this.onDeath = requireNonNull(onDeath, "onDeath");
    }

    /** @param running whether Postgres' process is there */
    static PostgresWatch start(Connector connector, BooleanSupplier running, Runnable onDeath) {
        PostgresWatch watch = new PostgresWatch(connector, running, onDeath);
        Thread thread = new Thread(watch::run, "postgres-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        int failures = 0;
        while (!closed && failures < attempts()) {
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

    private int attempts() {
        return running.getAsBoolean() ? ATTEMPTS_WHILE_IT_RUNS : ATTEMPTS_AFTER_ITS_END;
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
