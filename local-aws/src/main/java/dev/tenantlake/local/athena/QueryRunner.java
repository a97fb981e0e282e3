package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.athena.QueryExecution.Failure;
import dev.tenantlake.local.athena.QueryExecution.Figures;
import dev.tenantlake.local.engine.PreparedStatementCommand;
import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.local.engine.QueryEngine.Cancellation;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import dev.tenantlake.local.engine.QueryEngine.Statement;
import dev.tenantlake.local.engine.QueryEngine.Statistics;
import dev.tenantlake.local.s3.ObjectStore;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the queries of the history, a few at a time, each on a thread of its own, and leaves their results in S3. */
public final class QueryRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryRunner.class);
    private static final int AT_ONCE = 4;
    /** The one catalog that there is, as the engine names it. */
    static final String CATALOG = "awsdatacatalog";

    private final QueryHistory history;
    private final AthenaState state;
    private final ObjectStore objects;
    private final Path scratch;
    private final Clock clock;
    private final Map<String, Cancellation> unfinished = new ConcurrentHashMap<>();
    private final CountDownLatch engineKnown = new CountDownLatch(1);
    private final ExecutorService threads;
    private volatile Optional<QueryEngine> engine = Optional.empty();
    private volatile boolean closed;

    /** @param scratch where results are written before they are put in S3 */
    public QueryRunner(QueryHistory history, AthenaState state, ObjectStore objects, Path scratch, Clock clock) {
        this.history = requireNonNull(history, "history");
        this.state = requireNonNull(state, "state");
        this.objects = requireNonNull(objects, "objects");
        this.scratch = requireNonNull(scratch, "scratch");
        this.clock = requireNonNull(clock, "clock");
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "athena-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Says which engine runs the queries; until then, they wait. Without one, they fail. */
    public void use(Optional<QueryEngine> newEngine) {
        engine = requireNonNull(newEngine, "newEngine");
        engineKnown.countDown();
    }

    /** Has a query run that is in the history. */
    void submit(String id) {
        Cancellation cancellation = new Cancellation();
        unfinished.put(id, cancellation);
        threads.execute(() -> {
            try {
                history.find(id).ifPresent(execution -> run(execution, cancellation));
            } finally {
                unfinished.remove(id);
            }
        });
    }

    /** Has a query end before its end; one that has ended stays as it is. */
    void cancel(String id) {
        Cancellation cancellation = unfinished.get(id);
        if (cancellation != null) {
            cancellation.request();
        }
        history.update(
                id,
                execution -> execution.state() == QueryExecution.State.QUEUED
                        ? execution.cancelled(clock.instant(), "Query cancelled by user", Figures.NONE)
                        : execution);
    }

    private void run(QueryExecution execution, Cancellation cancellation) {
        String id = execution.id();
        try {
            Optional<Statement> statement = statement(execution, cancellation);
            Optional<Figures> figures = statement.isPresent()
                    ? runInEngine(execution, statement.get())
                    : Optional.of(leaveNothing(execution));
            figures.ifPresent(taken -> history.update(id, running -> running.succeeded(clock.instant(), taken)));
        } catch (QueryFailedException e) {
            fail(id, e.category(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("event=query_broke query={}", id, e);
            fail(id, Category.SYSTEM, "The query could not be run: " + e.getMessage());
        }
    }

    private void fail(String id, Category category, String message) {
        LOG.debug("event=query_failed query={} category={} message={}", id, category, message);
        if (closed && category == Category.CANCELLED) {
            // It is not the user who cancelled it: the next run says what became of it.
            return;
        }
        Instant now = clock.instant();
        history.update(id, running -> switch (category) {
            case CANCELLED -> running.cancelled(now, "Query cancelled by user", running.figures());
            case USER -> running.failed(now, new Failure(Failure.USER, message));
            case SYSTEM -> running.failed(now, new Failure(Failure.SYSTEM, message));
        });
    }

    /** What the engine is to run; empty if the statement was about prepared statements, and is done. */
    private Optional<Statement> statement(QueryExecution execution, Cancellation cancellation) {
        Optional<PreparedStatementCommand> command = PreparedStatementCommand.parse(execution.sql());
        if (command.isEmpty()) {
            return Optional.of(statement(execution, execution.sql(), execution.parameters(), cancellation));
        }
        if (command.get() instanceof PreparedStatementCommand.Execute execute) {
            PreparedStatement prepared = prepared(execution, execute.name());
            return Optional.of(statement(
                    execution,
                    prepared.sql(),
                    execute.parameters().isEmpty() ? execution.parameters() : execute.parameters(),
                    cancellation));
        }
        if (command.get() instanceof PreparedStatementCommand.Prepare prepare) {
            PreparedStatement prepared = new PreparedStatement(
                    execution.workgroup(), prepare.name(), prepare.sql(), Optional.empty(), clock.instant());
            state.change(change -> state.put(change, prepared));
        } else if (command.get() instanceof PreparedStatementCommand.Deallocate deallocate) {
            PreparedStatement prepared = prepared(execution, deallocate.name());
            state.change(change -> state.remove(change, prepared));
        }
        return Optional.empty();
    }

    private PreparedStatement prepared(QueryExecution execution, String name) {
        return state.statement(execution.workgroup(), name)
                .orElseThrow(() -> new QueryFailedException(
                        Category.USER,
                        "PreparedStatement " + name + " was not found in workGroup " + execution.workgroup()));
    }

    private static Statement statement(
            QueryExecution execution, String sql, List<String> parameters, Cancellation cancellation) {
        return new Statement(
                execution.id(), execution.principal(), sql, CATALOG, execution.database(), parameters, cancellation);
    }

    /** Runs a statement; empty if it came to another end than success, which is recorded then. */
    private Optional<Figures> runInEngine(QueryExecution execution, Statement statement) {
        QueryEngine running = awaitEngine(statement.cancellation());
        history.update(execution.id(), QueryExecution::running);
        long from = System.nanoTime();
        try (ResultFile result = ResultFile.create(scratch, execution.id(), execution.kind())) {
            Statistics statistics = running.run(statement, result);
            Figures figures = new Figures(
                    statistics.scannedBytes(),
                    Duration.between(execution.submittedAt(), clock.instant())
                            .minusNanos(System.nanoTime() - from)
                            .plus(statistics.queued()),
                    statistics.engine());
            OptionalLong limit = state.workgroup(execution.workgroup())
                    .map(Workgroup::scanLimit)
                    .orElse(OptionalLong.empty());
            if (limit.isPresent() && statistics.scannedBytes() > limit.getAsLong()) {
                history.update(
                        execution.id(),
                        query -> query.cancelled(
                                clock.instant(),
                                "Query cancelled! : Bytes scanned limit was exceeded: " + statistics.scannedBytes()
                                        + " of " + limit.getAsLong(),
                                figures));
                return Optional.empty();
            }
            leave(execution, result.finish(), result.columns());
            return Optional.of(figures);
        }
    }

    private Figures leaveNothing(QueryExecution execution) {
        try (ResultFile result = ResultFile.create(scratch, execution.id(), execution.kind())) {
            leave(execution, result.finish(), result.columns());
        }
        return Figures.NONE;
    }

    private void leave(QueryExecution execution, Path result, ResultColumns columns) {
        Path metadata = result.resolveSibling(result.getFileName() + ".metadata");
        try {
            Files.write(metadata, LakeJson.bytes(columns));
            objects.put(execution.output().plus(".metadata"), metadata, "application/json");
            objects.put(execution.output(), result, execution.kind() == StatementKind.DML ? "text/csv" : "text/plain");
            Files.delete(metadata);
        } catch (IOException e) {
            throw new QueryFailedException(Category.SYSTEM, "The result could not be written: " + e.getMessage());
        }
    }

    private QueryEngine awaitEngine(Cancellation cancellation) {
        while (true) {
            if (cancellation.isRequested()) {
                throw new QueryFailedException(Category.CANCELLED, "Query cancelled by user");
            }
            if (engineKnown.getCount() == 0) {
                QueryEngine known = engine.orElseThrow(() -> new QueryFailedException(
                        Category.SYSTEM, "local-aws runs without a query engine: start it without --no-query-engine"));
                if (known.state() == QueryEngine.State.FAILED) {
                    throw new QueryFailedException(
                            Category.SYSTEM,
                            "The query engine is not up: " + known.failure().orElse("it failed to start"));
                }
                if (known.state() == QueryEngine.State.READY) {
                    return known;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Ends all queries that run. */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        unfinished.values().forEach(Cancellation::request);
        try {
            if (!threads.awaitTermination(3, TimeUnit.SECONDS)) {
                LOG.warn("event=queries_do_not_end queries={}", unfinished.keySet());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
