package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenantlake.local.CacheDirectory;
import dev.tenantlake.local.engine.QueryEngine.Cancellation;
import dev.tenantlake.local.engine.QueryEngine.Column;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import dev.tenantlake.local.engine.QueryEngine.Sink;
import dev.tenantlake.local.engine.QueryEngine.State;
import dev.tenantlake.local.engine.QueryEngine.Statement;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Trino starts, ends, and is started again. */
class TrinoLifeTest {

    private static final String ANYBODY = "arn:aws:iam::000000000000:role/anybody";

    @TempDir
    private Path directory;

    @Test
    void startsAgainWhenItEndsByItselfAndStopsWhenItIsClosed() {
        List<State> states = new CopyOnWriteArrayList<>();
        // A cell, since the engine may call back before it is returned.
        CompletableFuture<TrinoEngine> started = new CompletableFuture<>();
        TrinoEngine engine = TrinoEngine.start(
                config(System.getenv()), new InMemoryAccess(), () -> started.thenAccept(it -> states.add(it.state())));
        started.complete(engine);
        try {
            assertThat(run(engine, "SELECT 1")).containsExactly(List.of("1"));
            ProcessHandle killed = server().orElseThrow();
            killed.destroyForcibly();
            await(() -> !killed.isAlive() && engine.state() == State.STARTING);
            assertThat(run(engine, "SELECT 2")).containsExactly(List.of("2"));
            assertThat(states).startsWith(State.READY, State.STARTING, State.READY);
        } finally {
            engine.close();
        }
        assertThat(server()).isEmpty();
        assertThat(failure(engine, "SELECT 3").getMessage()).isEqualTo("The query engine is not there: it was stopped");
    }

    @Test
    void stopsWhileItStarts() {
        TrinoEngine engine = TrinoEngine.start(config(System.getenv()), new InMemoryAccess());
        CompletableFuture<QueryFailedException> waiting =
                CompletableFuture.supplyAsync(() -> failure(engine, "SELECT 1"));
        Cancellation cancellation = new Cancellation();
        CompletableFuture<QueryFailedException> cancelled = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(QueryFailedException.class, () -> run(engine, "SELECT 2", cancellation)));
        await(() -> server().isPresent());
        cancellation.request();
        assertThat(cancelled.orTimeout(30, TimeUnit.SECONDS).join().category()).isEqualTo(Category.CANCELLED);
        engine.close();
        assertThat(server()).isEmpty();
        assertThat(waiting.orTimeout(30, TimeUnit.SECONDS).join().category()).isEqualTo(Category.SYSTEM);
    }

    @Test
    void saysWhyItDoesNotStart() {
        TrinoEngine engine = TrinoEngine.start(
                config(Map.of("TENANTLAKE_TRINO_JAVA_HOME", directory.toString())), new InMemoryAccess());
        try {
            QueryFailedException failure = failure(engine, "SELECT 1");
            assertThat(failure.category()).isEqualTo(Category.SYSTEM);
            assertThat(failure).hasMessageContaining("is no JDK 24 or later").hasMessageNotContaining("\n");
            assertThat(engine.state()).isEqualTo(State.FAILED);
            assertThat(engine.failure())
                    .hasValueSatisfying(
                            reason -> assertThat(failure.getMessage()).contains(reason));
        } finally {
            engine.close();
        }
    }

    @Test
    void saysWhatTrinoSaidWhenItDoesNotStart() throws Exception {
        // A region that Trino takes for none.
        EngineConfig config = config(System.getenv());
        EngineConfig wrong = new EngineConfig(
                config.dataDirectory(),
                config.cacheDirectory(),
                config.awsEndpoint(),
                URI.create("ftp:x"),
                "",
                "key",
                "secret",
                config.environment());
        TrinoEngine engine = TrinoEngine.start(wrong, new InMemoryAccess());
        try {
            assertThat(failure(engine, "SELECT 1"))
                    .hasMessageContaining("Trino ended while it started: ")
                    .hasMessageContaining("server.log")
                    .hasMessageNotContaining("\n");
        } finally {
            engine.close();
        }
        assertThatThrownBy(() -> run(engine, "SELECT 1")).isInstanceOf(QueryFailedException.class);
    }

    /** Nothing answers at the endpoints: Trino does not ask before there is a query. */
    private EngineConfig config(Map<String, String> environment) {
        return new EngineConfig(
                directory,
                CacheDirectory.locate(System.getenv()),
                URI.create("http://127.0.0.1:1"),
                URI.create("http://127.0.0.1:1"),
                "us-east-1",
                "key",
                "secret",
                environment);
    }

    private Optional<ProcessHandle> server() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(directory.toString()))
                        .isPresent())
                .findFirst();
    }

    private static QueryFailedException failure(TrinoEngine engine, String sql) {
        return catchThrowableOfType(QueryFailedException.class, () -> run(engine, sql));
    }

    private static List<List<String>> run(TrinoEngine engine, String sql) {
        return run(engine, sql, new Cancellation());
    }

    private static List<List<String>> run(TrinoEngine engine, String sql, Cancellation cancellation) {
        List<List<String>> rows = new ArrayList<>();
        engine.run(
                new Statement("id", ANYBODY, sql, "awsdatacatalog", Optional.empty(), List.of(), cancellation),
                new Sink() {
                    @Override
                    public void columns(List<Column> columns) {
                        assertThat(columns).hasSize(1);
                    }

                    @Override
                    public void row(List<String> values) {
                        rows.add(values);
                    }
                });
        return rows;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it took too long").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
