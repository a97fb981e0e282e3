package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import dev.tenantlake.model.LakeException;
import io.trino.client.StatementStats;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trino, fetched and started on a thread of its own, stopped with this, and started again if it ends by itself. A
 * statement that comes before it is up waits for it.
 */
public final class TrinoEngine implements QueryEngine {

    /** May run queries that read no table: it has no grant. */
    private static final String NOBODY = "tenantlake";
    /** What the first query of a user would otherwise wait for: planning, compiling, and talking to Glue. */
    private static final List<String> WARM_UP = List.of("""
            SELECT key, count(*), sum(CAST(amount AS decimal(12, 2))), max(moment)
            FROM (VALUES (1, 1.5, TIMESTAMP '2026-01-01 00:00:00'), (2, 2.5, now())) AS t (key, amount, moment)
            JOIN (VALUES 1, 2) AS u (other) ON other = key
            WHERE amount > 0 GROUP BY key ORDER BY key LIMIT 10""", "SHOW SCHEMAS");
    /** How often it is started again after it ended by itself, unless it lived long in between. */
    private static final int RESTARTS = 3;

    private static final Duration LONG = Duration.ofMinutes(10);

    private static final int SECRET_BYTES = 32;

    private static final Logger LOG = LoggerFactory.getLogger(TrinoEngine.class);

    private final EngineConfig config;
    private final Runnable onChange;
    private final TrinoTokens tokens = new TrinoTokens();
    private final TableAccess access;
    private final Thread keeper = new Thread(this::keep, "trino-keeper");
    private final Cancellation closing = new Cancellation();
    private final Object changed = new Object();

    // Guarded by changed.
    private State state = State.STARTING;
    private String failure;
    private TrinoQueries queries;
    private boolean closed;

    private TrinoEngine(EngineConfig config, TableAccess access, Runnable onChange) {
        this.config = requireNonNull(config, "config");
        this.access = requireNonNull(access, "access");
        this.onChange = requireNonNull(onChange, "onChange");
    }

    /** Begins to start it, and returns at once. */
    public static TrinoEngine start(EngineConfig config, TableAccess access) {
        return start(config, access, () -> {});
    }

    /**
     * Begins to start it, and returns at once.
     *
     * @param onChange called whenever {@link #state()} or {@link #failure()} is another than before
     */
    public static TrinoEngine start(EngineConfig config, TableAccess access, Runnable onChange) {
        TrinoEngine engine = new TrinoEngine(config, access, onChange);
        engine.keeper.setDaemon(true);
        engine.keeper.start();
        return engine;
    }

    @Override
    public Statistics run(Statement statement, Sink sink) {
        SqlText sql = SqlText.of(statement.sql());
        if (!statement.catalog().toLowerCase(Locale.ROOT).equals(TrinoSettings.CATALOG)) {
            throw SqlText.wrong("Catalog '" + statement.catalog() + "' does not exist.");
        }
        if (sql.names(TrinoSettings.HUDI_CATALOG)) {
            throw SqlText.wrong("Catalog '" + TrinoSettings.HUDI_CATALOG + "' does not exist.");
        }
        if (!access.isAdministrator(statement.principalArn())) {
            sql.requireReading();
        }
        String forTrino = sql.forTrino(statement.parameters());
        Instant arrived = Instant.now();
        TrinoQueries trino = awaitReady(statement.cancellation());
        Duration waited = Duration.between(arrived, Instant.now());
        TrinoQueries.Outcome outcome =
                trino.run(statement.principalArn(), forTrino, statement.database(), statement.cancellation(), sink);
        StatementStats counted = outcome.statistics();
        Duration queued = Duration.ofMillis(counted.getQueuedTimeMillis());
        return new Statistics(
                counted.getPhysicalInputBytes(),
                waited.plus(queued),
                Duration.ofMillis(counted.getElapsedTimeMillis()).minus(queued),
                outcome.isQuery());
    }

    private TrinoQueries awaitReady(Cancellation cancellation) {
        synchronized (changed) {
            while (state == State.STARTING && !closed && !cancellation.isRequested()) {
                try {
                    // Nothing tells of a cancellation, so it is looked for.
                    changed.wait(200);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new QueryFailedException(Category.CANCELLED, "Query cancelled: interrupted");
                }
            }
            if (cancellation.isRequested()) {
                throw new QueryFailedException(Category.CANCELLED, "Query cancelled by user");
            }
            if (state != State.READY || closed) {
                throw new QueryFailedException(
                        Category.SYSTEM, "The query engine is not there: " + (closed ? "it was stopped" : failure));
            }
            return queries;
        }
    }

    @Override
    public State state() {
        synchronized (changed) {
            return state;
        }
    }

    @Override
    public Optional<String> failure() {
        synchronized (changed) {
            return Optional.ofNullable(failure);
        }
    }

    /** Fetches it, starts it, and starts it again when it ends, until it is closed. */
    private void keep() {
        AccessPolicy policy = new AccessPolicy(access, TrinoSettings.CATALOG, TrinoSettings.HUDI_CATALOG);
        try (PolicyServer policies = new PolicyServer(policy, Secrets.text(SECRET_BYTES))) {
            JavaInstallation java = JavaInstallation.forTrino(config.environment());
            TrinoDistribution distribution = TrinoDistribution.fetch(
                    config.cacheDirectory(),
                    config.environment(),
                    line -> LOG.info("event=query_engine_fetch message=\"{}\"", line));
            TrinoSettings settings = new TrinoSettings(config);
            int restarts = 0;
            while (true) {
                Instant begun = Instant.now();
                String end = live(distribution, java, settings, policies);
                restarts = Duration.between(begun, Instant.now()).compareTo(LONG) > 0 ? 1 : restarts + 1;
                if (restarts > RESTARTS) {
                    throw new LakeException(LakeException.Kind.UNAVAILABLE, end);
                }
                LOG.warn("event=query_engine_restart reason=\"{}\"", end);
                become(State.STARTING, null, null);
            }
        } catch (InterruptedException e) {
            LOG.debug("event=query_engine_interrupted");
        } catch (LakeException e) {
            LOG.debug("event=query_engine_given_up", e);
            fail(e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=query_engine_given_up", e);
            fail(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** One life of the server, to its end, which it says. */
    private String live(
            TrinoDistribution distribution, JavaInstallation java, TrinoSettings settings, PolicyServer policies)
            throws IOException, InterruptedException {
        Instant begun = Instant.now();
        try (TrinoProcess trino = TrinoProcess.start(distribution, java, settings, tokens, policies);
                TrinoQueries ready = new TrinoQueries(trino.address(), tokens)) {
            Instant started = Instant.now();
            warmUp(ready);
            LOG.info(
                    "event=query_engine_ready pid={} start_ms={} warm_up_ms={}",
                    trino.pid(),
                    Duration.between(begun, started).toMillis(),
                    Duration.between(started, Instant.now()).toMillis());
            become(State.READY, null, ready);
            if (isClosed()) {
                // The interruption may have been taken for one of the warm-up.
                throw new InterruptedException("closed");
            }
            trino.await();
            return "Trino ended by itself: " + trino.lastWords() + " (see " + settings.log() + ")";
        }
    }

    private void warmUp(TrinoQueries queries) {
        for (String sql : WARM_UP) {
            try {
                queries.run(NOBODY, sql, Optional.empty(), closing, new Discard());
            } catch (QueryFailedException e) {
                // It costs the first user some time, and no more.
                LOG.info("event=query_engine_warm_up_failed message=\"{}\"", e.getMessage());
            }
        }
    }

    private static final class Discard implements Sink {
        @Override
        public void columns(List<Column> columns) {
            LOG.trace("event=warm_up_columns count={}", columns.size());
        }

        @Override
        public void row(List<String> values) {
            LOG.trace("event=warm_up_row");
        }
    }

    private void fail(String reason) {
        if (!isClosed()) {
            LOG.error("event=query_engine_failed reason=\"{}\"", reason);
            become(State.FAILED, reason, null);
        }
    }

    private void become(State next, String reason, TrinoQueries ready) {
        synchronized (changed) {
            if (closed) {
                return;
            }
            state = next;
            failure = reason;
            queries = ready;
            changed.notifyAll();
        }
        onChange.run();
    }

    private boolean isClosed() {
        synchronized (changed) {
            return closed;
        }
    }

    /** Stops it; what runs in it fails. */
    @Override
    public void close() {
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
        closing.request();
        keeper.interrupt();
        try {
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
