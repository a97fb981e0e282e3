package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.source.console.StopSignal;
import dev.tenantlake.source.database.SourceDatabase;
import dev.tenantlake.source.shop.Dice;
import dev.tenantlake.source.shop.PeopleNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets customers come, one transaction after the other, at an even rate. */
final class TrafficGenerator {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficGenerator.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);
    /** After so long it looks again which tenants there are. */
    private static final long LOOK_AGAIN_AFTER = 5 * NANOS;
    /** So far behind the rate, it does not try to catch up any more. */
    private static final long FARTHEST_BEHIND = NANOS;
    /** Somebody else changed what the transaction worked on: see the Postgres manual, Appendix A. */
    private static final Set<String> CONFLICTS = Set.of(
            "40001", // serialization_failure
            "40P01", // deadlock_detected
            "23503", // foreign_key_violation: a row that it refers to was deleted
            "23505"); // unique_violation: somebody else was first

    private static final int MOST_CONFLICTS_IN_A_ROW = 50;

    private final SourceDatabase database;
    private final double rate;
    private final Optional<Duration> time;
    private final long seed;
    private final StopSignal stop;
    private final Dice dice;
    private final PeopleNames names;
    private final RowCounts rows = new RowCounts();
    private final Map<TransactionKind, Long> kinds = new EnumMap<>(TransactionKind.class);
    private long transactions;
    private long conflicts;

    /**
     * @param rate transactions a second
     * @param time for how long, or until it is stopped
     */
    TrafficGenerator(SourceDatabase database, double rate, Optional<Duration> time, long seed, StopSignal stop) {
        this.database = requireNonNull(database, "database");
        this.rate = rate;
        this.time = requireNonNull(time, "time");
        this.seed = seed;
        this.stop = requireNonNull(stop, "stop");
        this.dice = Dice.of(seed, "traffic", 0);
        this.names = new PeopleNames(seed);
    }

    /**
     * Runs, and says what it wrote.
     *
     * @throws LakeException of kind {@code UNFIT} if there is nobody to trade, {@code UNAVAILABLE} if the database goes
     *     away; others as {@link SourceDatabase#failure} says
     */
    TrafficReport run() {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            return run(connection);
        } catch (SQLException e) {
            LakeException known = database.failure(e);
            throw new LakeException(
                    known.kind(), known.getMessage() + "; " + transactions + " transactions were committed before", e);
        }
    }

    private TrafficReport run(Connection connection) throws SQLException {
        Tenants tenants = tenants(connection);
        tenants.all.forEach(tenant -> names.prepare(tenant.market().locale()));
        long started = System.nanoTime();
        long lookedAt = started;
        long next = started;
        int conflictsInARow = 0;
        while (!stop.requested() && !isOver(started)) {
            try {
                oneTransaction(connection, tenants);
                conflictsInARow = 0;
            } catch (SQLException e) {
                if (!CONFLICTS.contains(String.valueOf(e.getSQLState()))
                        || ++conflictsInARow > MOST_CONFLICTS_IN_A_ROW) {
                    throw e;
                }
                LOG.debug("event=transaction_undone sqlstate={} message={}", e.getSQLState(), e.getMessage());
                connection.rollback();
                conflicts++;
                lookedAt = started - LOOK_AGAIN_AFTER;
            }
            if (System.nanoTime() - lookedAt > LOOK_AGAIN_AFTER) {
                tenants = tenants(connection);
                lookedAt = System.nanoTime();
            }
            next = Math.max(next + (long) (NANOS / rate), System.nanoTime() - FARTHEST_BEHIND);
            waitUntil(next, started);
        }
        return report(System.nanoTime() - started);
    }

    /** One of the kinds of transactions that there is something to do for. */
    private void oneTransaction(Connection connection, Tenants tenants) throws SQLException {
        while (!stop.requested()) {
            TransactionKind kind = dice.pick(TransactionKind.MIX);
            Work work = new Work(connection, tenants.any(dice), dice);
            if (perform(kind, work)) {
                connection.commit();
                transactions++;
                kinds.merge(kind, 1L, Long::sum);
                rows.add(work.counts());
                return;
            }
            connection.rollback();
        }
    }

    private boolean perform(TransactionKind kind, Work work) throws SQLException {
        return switch (kind) {
            case ORDER_PLACED -> OrderDesk.place(work);
            case ORDER_ADVANCED -> OrderDesk.advance(work);
            case ORDER_CANCELLED -> OrderDesk.cancel(work);
            case ORDER_REFUNDED -> OrderDesk.refund(work);
            case ORDER_DELETED -> OrderDesk.delete(work);
            case VISIT -> Storefront.visit(work);
            case RESTOCKED -> Warehouse.restock(work);
            case CUSTOMER_JOINED -> Storefront.join(work, names);
            case CUSTOMER_CHANGED -> Storefront.change(work);
            case SUBSCRIPTION_CHANGED -> SubscriptionDesk.change(work);
        };
    }

    private Tenants tenants(Connection connection) throws SQLException {
        List<TradingTenant> all = TradingTenant.all(connection);
        connection.commit();
        if (all.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the shop in " + database
                            + " has no tenant with customers and products: run source-app seed first");
        }
        return new Tenants(all);
    }

    private boolean isOver(long started) {
        return time.isPresent() && System.nanoTime() - started >= time.get().toNanos();
    }

    private void waitUntil(long moment, long started) {
        long end =
                time.map(limit -> Math.min(moment, started + limit.toNanos())).orElse(moment);
        long left = end - System.nanoTime();
        while (left > 0 && !stop.requested()) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }

    private TrafficReport report(long nanos) {
        double seconds = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)) / 1000.0;
        return new TrafficReport(
                seed,
                seconds,
                transactions,
                Math.round(transactions / seconds * 10) / 10.0,
                conflicts,
                kinds.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().label(), Map.Entry::getValue)),
                rows.tables());
    }

    /** Who trades; the more customers a tenant has, the more happens there. */
    private static final class Tenants {

        private final List<TradingTenant> all;
        private final double[] cumulative;

        Tenants(List<TradingTenant> all) {
            this.all = all;
            this.cumulative = Dice.cumulative(
                    all.stream().mapToDouble(TradingTenant::customers).toArray());
        }

        TradingTenant any(Dice dice) {
            return all.get(dice.index(cumulative));
        }
    }
}
