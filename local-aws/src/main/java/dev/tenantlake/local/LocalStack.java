package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.ReadyFile.QueryEngineState;
import dev.tenantlake.local.glue.GlueAccess;
import dev.tenantlake.local.glue.GlueApi;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.KeyRing;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.identity.StsApi;
import dev.tenantlake.local.postgres.PostgresServer;
import dev.tenantlake.local.postgres.PostgresSettings;
import dev.tenantlake.local.s3.S3Server;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.AwsEndpoint;
import dev.tenantlake.local.wire.SignatureVerifier;
import dev.tenantlake.model.LakeException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All services of one data directory, started together and stopped together. */
public final class LocalStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);

    private final DataDirectory directory;
    private final List<AutoCloseable> services = new ArrayList<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private ReadyFile ready;
    private boolean closed;

    private LocalStack(DataDirectory directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /**
     * Starts everything; when it returns, everything but the query engine answers.
     *
     * @throws LakeException if something does not start; then nothing is left running
     */
    public static LocalStack start(LocalAwsOptions options) {
        Ports ports = new Ports(options.port());
        DataDirectory directory = DataDirectory.open(options.dataDirectory());
        LocalStack stack = new LocalStack(directory);
        try {
            // Of a run that was killed.
            ReadyFile.remove(directory.readyFile());
            PostgresServer.stopLeftover(directory.postgres());
            ports.requireFree();
            stack.startServices(options, ports);
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** Completes with a line that says what went wrong if a service ends by itself. */
    public CompletableFuture<String> failure() {
        return failure;
    }

    private void startServices(LocalAwsOptions options, Ports ports) {
        Secrets secrets = new Secrets(directory.secrets());
        CompletableFuture<PostgresServer> postgres =
                CompletableFuture.supplyAsync(() -> startPostgres(options, ports, secrets));
        try {
            Clock clock = Clock.systemUTC();
            AccessKey engineKey = AccessKey.create(Caller.User.QUERY_ENGINE);
            List<AccessKey> userKeys = new ArrayList<>(secrets.accessKeys());
            userKeys.add(engineKey);
            KeyRing keys = new KeyRing(userKeys, id -> Optional.empty());
            Permissions permissions = new Permissions(role -> List.of());

            S3Server s3 = S3Server.start(directory.s3(), keys, permissions, clock, ports.s3());
            services.add(s3);
            s3.ensureBucket(options.bucket());

            Journal journal = Journal.open(directory.journal());
            services.add(journal);
            GlueCatalog catalog = new GlueCatalog(journal);
            GlueAccess.ColumnGrants none = new GlueAccess.ColumnGrants() {
                @Override
                public boolean anyIn(String principalArn, String database) {
                    return false;
                }

                @Override
                public Set<String> columnsOf(String principalArn, String database, String table) {
                    return Set.of();
                }
            };
            GlueAccess access = new GlueAccess(permissions, none);
            List<AwsApi> apis = List.of(GlueApi.create(catalog, access, clock), StsApi.create());
            AwsEndpoint endpoint =
                    AwsEndpoint.start(new SignatureVerifier(keys, Account.REGION, clock), apis, ports.aws());
            services.add(endpoint);
            catalog.ensureDatabases(options.bucket(), clock.instant());

            publish(options, endpoint, s3, join(postgres));
        } finally {
            postgres.handle((server, error) -> server == null || services.add(server))
                    .join();
        }
    }

    private PostgresServer startPostgres(LocalAwsOptions options, Ports ports, Secrets secrets) {
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

    private void publish(LocalAwsOptions options, AwsEndpoint endpoint, S3Server s3, PostgresServer postgres) {
        ready = new ReadyFile(
                ProcessHandle.current().pid(),
                endpoint.uri(),
                s3.uri(),
                new ReadyFile.Postgres("127.0.0.1", postgres.port(), PostgresServer.DATABASE, PostgresServer.USER),
                Account.REGION,
                Account.ID,
                options.bucket(),
                QueryEngineState.OFF,
                null);
        ready.write(directory.readyFile());
        LOG.info("event=ready aws={} s3={} postgres=127.0.0.1:{}", endpoint.uri(), s3.uri(), postgres.port());
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
        ReadyFile.remove(directory.readyFile());
        List<CompletableFuture<Void>> stopping = new ArrayList<>();
        for (AutoCloseable service : services) {
            stopping.add(CompletableFuture.runAsync(() -> closeQuietly(service)));
        }
        stopping.forEach(CompletableFuture::join);
        directory.close();
        LOG.info("event=stopped");
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
