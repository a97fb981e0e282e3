package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.ReadyFile.QueryEngineState;
import dev.tenantlake.local.engine.EngineConfig;
import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.local.engine.TrinoEngine;
import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.postgres.PostgresServer;
import dev.tenantlake.local.postgres.PostgresSettings;
import dev.tenantlake.model.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All services of one data directory, started together and stopped together. */
public final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);

    private final DataDirectory directory;
    private final LocalAwsOptions options;
    private final List<AutoCloseable> services = new ArrayList<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private final Object readyLock = new Object();
    private ReadyFile ready;
    private Optional<QueryEngine> engine = Optional.empty();
    private boolean closed;

    private LocalStack(DataDirectory directory, LocalAwsOptions options) {
        this.directory = requireNonNull(directory, "directory");
        this.options = requireNonNull(options, "options");
    }

    /**
     * Starts everything; when it returns, everything but the query engine answers.
     *
     * @throws LakeException if something does not start; then nothing is left running
     */
    public static LocalStack start(LocalAwsOptions options) {
        Ports ports = new Ports(options.port());
        DataDirectory directory = DataDirectory.open(options.dataDirectory());
        LocalStack stack = new LocalStack(directory, options);
        try {
            // What a run may have left that was killed.
            ReadyFile.remove(directory.readyFile());
            PostgresServer.stopLeftover(directory.postgres());
            ports.requireFree();
            stack.startServices(ports);
            return stack;
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    /** Completes with a line that says what went wrong if a service ends by itself. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    private void startServices(Ports ports) {
        Secrets secrets = new Secrets(directory.secrets());
        CompletableFuture<PostgresServer> postgres =
                CompletableFuture.supplyAsync(() -> startPostgres(ports, secrets), LocalStack::onThreadOfItsOwn);
        try {
            AccessKey engineKey = AccessKey.create(Caller.User.QUERY_ENGINE);
            List<AccessKey> userKeys = new ArrayList<>(secrets.accessKeys());
            userKeys.add(engineKey);
            AwsServices aws = AwsServices.start(directory, ports, options.bucket(), userKeys);
            services.add(aws);
            engine = options.queryEngine() ? Optional.of(startEngine(aws, engineKey)) : Optional.empty();
            engine.ifPresent(services::add);
            aws.use(engine);
            publish(aws, join(postgres));
        } finally {
            // However this ends, what was started is stopped with the rest.
            postgres.handle((server, error) -> server == null || services.add(server))
                    .join();
        }
    }

    private PostgresServer startPostgres(Ports ports, Secrets secrets) {
        String password = secrets.postgresPassword(PostgresServer.exists(directory.postgres()));
        // Written before there is a database that has it: a password is never lost.
        secrets.writePgpass(ports.postgres(), password);
        PostgresServer server = PostgresServer.start(
                new PostgresSettings(
                        directory.postgres(),
                        options.cacheDirectory().resolve("postgres"),
                        directory.logs().resolve("postgres.log"),
                        ports.postgres(),
                        password,
                        options.durable()),
                () -> failure.complete("Postgres ended by itself; what it said is in "
                        + directory.logs().resolve("postgres.log")));
        secrets.writePgpass(server.port(), password);
        return server;
    }

    private QueryEngine startEngine(AwsServices aws, AccessKey key) {
        EngineConfig config = new EngineConfig(
                directory.root(),
                options.cacheDirectory(),
                aws.endpoint(),
                aws.s3Endpoint(),
                Account.REGION,
                key.id(),
                key.secret(),
                System.getenv());
        return TrinoEngine.start(config, aws.tableAccess(), this::rewriteReadyFile);
    }

    private void publish(AwsServices aws, PostgresServer postgres) {
        synchronized (readyLock) {
            ready = new ReadyFile(
                    ProcessHandle.current().pid(),
                    aws.endpoint(),
                    aws.s3Endpoint(),
                    new ReadyFile.Postgres("127.0.0.1", postgres.port(), PostgresServer.DATABASE, PostgresServer.USER),
                    Account.REGION,
                    Account.ID,
                    options.bucket(),
                    QueryEngineState.OFF,
                    null);
        }
        rewriteReadyFile();
        LOG.info("event=ready aws={} s3={} postgres=127.0.0.1:{}", aws.endpoint(), aws.s3Endpoint(), postgres.port());
    }

    /** Once it was written, and until everything is stopped. */
    private void rewriteReadyFile() {
        synchronized (readyLock) {
            if (ready != null) {
                QueryEngineState state = engine.map(
                                it -> QueryEngineState.valueOf(it.state().name()))
                        .orElse(QueryEngineState.OFF);
                ready = ready.with(state, engine.flatMap(QueryEngine::failure));
                ready.write(directory.readyFile());
            }
        }
    }

    private void removeReadyFile() {
        synchronized (readyLock) {
            ready = null;
            ReadyFile.remove(directory.readyFile());
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Stops everything, all at once; may be called again. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        removeReadyFile();
        List<CompletableFuture<Void>> stopping = new ArrayList<>();
        for (AutoCloseable service : services) {
            stopping.add(CompletableFuture.runAsync(() -> closeQuietly(service), LocalStack::onThreadOfItsOwn));
        }
        stopping.forEach(CompletableFuture::join);
        directory.close();
        LOG.info("event=stopped");
    }

    private static void onThreadOfItsOwn(Runnable task) {
        new Thread(task, "start-or-stop").start();
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            LOG.warn(
                    "event=service_stop_failed service={} error={}",
                    service.getClass().getSimpleName(),
                    e.toString());
        }
    }
}
