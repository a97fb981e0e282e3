package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Writers that do to the shop what a pipeline breaks on: transactions over many tables, thousands of rows in one, keys and
 * months that change, a row that goes and comes back, savepoints, and much that is rolled back. They go on as soon as
 * Postgres is there again, and remember which commits Postgres acknowledged.
 */
final class OwnTraffic implements AutoCloseable {

    private static final int WRITERS = 2;
    private static final int PAUSE_MILLIS = 80;
    private static final Duration BEFORE_TRYING_AGAIN = Duration.ofMillis(200);

    private final RunningLake lake;
    private final Set<Long> acknowledged;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> writers = new ArrayList<>();

    private OwnTraffic(RunningLake lake, Set<Long> acknowledged) {
        this.lake = requireNonNull(lake, "lake");
        this.acknowledged = requireNonNull(acknowledged, "acknowledged");
    }

    /**
     * Begins to write.
     *
     * @param acknowledged is given the id of each transaction whose commit Postgres acknowledged; for several threads
     */
    static OwnTraffic start(RunningLake lake, long seed, Set<Long> acknowledged) {
        OwnTraffic traffic = new OwnTraffic(lake, acknowledged);
        for (int writer = 0; writer < WRITERS; writer++) {
            Random random = new Random(seed * 31 + writer);
            Thread thread = new Thread(() -> traffic.write(random), "own-traffic-" + writer);
            thread.setDaemon(true);
            traffic.writers.add(thread);
            thread.start();
        }
        return traffic;
    }

    /** A set for what was acknowledged. */
    static Set<Long> acknowledgements() {
        return ConcurrentHashMap.newKeySet();
    }

    /** Ends when the transactions in hand have ended. */
    @Override
    public void close() {
        stop.countDown();
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void write(Random random) {
        while (!stopsWithin(Duration.ZERO)) {
            try (Connection connection = lake.connect()) {
                connection.setAutoCommit(false);
                List<Long> tenants = tenants(connection);
                while (!stopsWithin(Duration.ofMillis(random.nextInt(PAUSE_MILLIS)))) {
                    transact(connection, tenants.get(random.nextInt(tenants.size())), random);
                }
            } catch (SQLException | LakeException e) {
                // Postgres is gone for the moment.
                stopsWithin(BEFORE_TRYING_AGAIN);
            }
        }
    }

    /** One transaction, to its end; a conflict with another writer undoes it. */
    private void transact(Connection connection, long tenant, Random random) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean keep = ShopChange.any(random).make(statement, tenant, random);
            if (!keep) {
                connection.rollback();
                return;
            }
            long transaction = id(statement);
            connection.commit();
            if (transaction > 0) {
                acknowledged.add(transaction);
            }
        } catch (SQLException e) {
            if (!connection.isValid(1)) {
                throw e;
            }
            connection.rollback();
        }
    }

    /** The transaction's id, or 0 if it wrote nothing: then nothing can be lost of it. */
    private static long id(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select coalesce(max(xid), 0) from chaos.ledger"
                + " where xid = pg_current_xact_id_if_assigned()::text::bigint")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<Long> tenants(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id from shop.tenants order by id")) {
            List<Long> tenants = new ArrayList<>();
            while (row.next()) {
                tenants.add(row.getLong(1));
            }
            connection.commit();
            return tenants;
        }
    }

    private boolean stopsWithin(Duration time) {
        try {
            return stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
