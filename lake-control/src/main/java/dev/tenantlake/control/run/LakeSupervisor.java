package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeRecord;
import dev.tenantlake.control.lake.Leftovers;
import dev.tenantlake.control.lake.LocalServices;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.metrics.LakeMetricsServer;
import dev.tenantlake.control.process.Backoff;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceDefinition;
import dev.tenantlake.control.process.ServiceLog;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.control.process.Supervisor;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.DerivedLayers;
import dev.tenantlake.model.LakeException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Runs a lake on a data directory, in a process of its own: holds the directory, starts the services in order, keeps them
 * running, and stops them in order when it is told to end.
 */
public final class LakeSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(LakeSupervisor.class);
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LOOK_FOR_USER = Duration.ofSeconds(1);

    private final Modules modules;
    private final DataDirectory directory;
    private final int port;
    private final Optional<SeedRequest> seed;
    private final boolean durable;
    private final boolean fromBronze;
    private final Optional<ProcessIdentity> untilEndOf;
    private final Instant startedAt = Instant.now();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<LakeRecord.Phase> phase = new AtomicReference<>(LakeRecord.Phase.STARTING);
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final Supervisor supervisor = new Supervisor(Backoff.STANDARD, GRACE, this::record);

    /**
     * @param port where AWS' endpoint is to be; S3 is at the next, and Postgres at the one after that
     * @param seed what the shop is filled with before its changes are captured, if it is to be
     * @param durable whether a commit in Postgres is to survive the machine going down
     * @param fromBronze whether silver and gold are to be removed before the job starts
     * @param untilEndOf a process with whose end the lake is stopped too, if there is one
     */
    public LakeSupervisor(
            Modules modules,
            DataDirectory directory,
            int port,
            Optional<SeedRequest> seed,
            boolean durable,
            boolean fromBronze,
            Optional<ProcessIdentity> untilEndOf) {
        this.modules = requireNonNull(modules, "modules");
        this.directory = requireNonNull(directory, "directory");
        this.port = port;
        this.seed = requireNonNull(seed, "seed");
        this.durable = durable;
        this.fromBronze = fromBronze;
        this.untilEndOf = requireNonNull(untilEndOf, "untilEndOf");
    }

    /**
     * Runs the lake until this process is told to end.
     *
     * @throws LakeException of kind {@code IN_USE} if another process holds the directory, or of another kind if the lake
     *     cannot be started
     */
    public void run() {
        DataDirectory.Lock lock = lock();
        Leftovers leftovers = new Leftovers(directory);
        leftovers.clearProcesses();
        leftovers.clearFiles();
        directory.clearTemporary();
        Thread hook = new Thread(this::stopAndWait, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        untilEndOf.ifPresent(user -> {
            Thread watch = new Thread(() -> watchUser(user), "user");
            watch.setDaemon(true);
            watch.start();
        });
        try (lock;
                LakeMetricsServer metrics = LakeMetricsServer.start(directory, port)) {
            supervise();
        } finally {
            stopped.countDown();
        }
    }

    private void supervise() {
        try {
            supervisor.tellListener();
            startServices();
            if (!isStopping()) {
                phase.set(LakeRecord.Phase.RUNNING);
                supervisor.tellListener();
                LOG.info("event=lake_running data_dir={} port={}", directory.root(), port);
                stop.await();
            }
            phase.set(LakeRecord.Phase.STOPPING);
            supervisor.stopAll(Leftovers.STOP_ORDER);
            LakeRecord.remove(directory);
            LOG.info("event=lake_stopped data_dir={}", directory.root());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } catch (RuntimeException e) {
            LOG.error("event=lake_not_started reason=\"{}\"", e.getMessage());
            supervisor.stopAll(Leftovers.STOP_ORDER);
            failure.set(String.valueOf(e.getMessage()));
            phase.set(LakeRecord.Phase.FAILED);
            supervisor.tellListener();
            throw e;
        }
    }

    private void startServices() {
        supervisor.start(localAws());
        awaitLocalAws();
        if (fromBronze) {
            clearDerivedLayers();
        }
        // The slowest to start, beside the query engine, and it waits by itself for something to do.
        supervisor.start(service("etl-jobs", "lake-job", services -> modules.etlJobs(directory, services)));
        runOnce("source-app", List.of("migrate"));
        seed.ifPresent(request -> runOnce("seed", request.arguments()));
        supervisor.start(service("cdc-ingest", "cdc-ingest", services -> modules.cdcIngest(directory, services)));
        supervisor.start(service("athena-queries", "athena-queries", services -> modules.grants(directory, services)));
    }

    private void clearDerivedLayers() {
        try (AwsClients clients = RunningLake.require(directory).adminClients();
                S3Client s3 = clients.s3();
                GlueClient glue = clients.glue()) {
            long objects = new DerivedLayers(s3, glue, clients.config().layout()).clear();
            LOG.info("event=layers_cleared objects={}", objects);
        } catch (SdkException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "silver and gold were removed in part (" + e.getMessage() + "): up --from-bronze again",
                    e);
        }
    }

    private ServiceDefinition localAws() {
        return ServiceDefinition.of(
                        "local-aws", "local-aws", () -> modules.localAws(directory, port, durable), log("local-aws"))
                .answeringWhen(process -> readyServices()
                        .filter(services -> services.pid() == process.pid())
                        .isPresent())
                .clearingAway(() -> new Leftovers(directory).clearPostgres());
    }

    /** A service that works on what local-aws serves, and is started when that answers. */
    private ServiceDefinition service(String name, String program, Function<LocalServices, ProcessBuilder> command) {
        Supplier<ProcessBuilder> onReadyServices = () -> command.apply(
                readyServices().orElseThrow(() -> new IllegalStateException("local-aws answered, and is gone")));
        return ServiceDefinition.of(name, program, onReadyServices, log(name)).when(this::localAwsAnswers);
    }

    private void runOnce(String name, List<String> arguments) {
        if (isStopping()) {
            return;
        }
        ServiceStatus end = supervisor.runOnce(
                service(name, "source-app", services -> modules.sourceApp(directory, services, arguments)));
        if (end.state() == ServiceState.FAILED) {
            throw notStarted("source-app " + arguments.get(0), end);
        }
    }

    private void awaitLocalAws() {
        while (!isStopping()) {
            ServiceStatus status = supervisor.status("local-aws");
            switch (status.state()) {
                case RUNNING -> {
                    return;
                }
                case BACKING_OFF, FAILED -> throw notStarted("local-aws", status);
                default -> awaitStop(POLL);
            }
        }
    }

    private boolean localAwsAnswers() {
        return supervisor.status("local-aws").state() == ServiceState.RUNNING
                && readyServices().isPresent();
    }

    private Optional<LocalServices> readyServices() {
        return LocalServices.read(directory);
    }

    private ServiceLog log(String name) {
        return new ServiceLog(directory.logs().resolve(name + ".log"));
    }

    private static LakeException notStarted(String what, ServiceStatus status) {
        return new LakeException(
                LakeException.Kind.UNFIT, what + ": " + status.lastError().orElse("ended"));
    }

    /** The supervisor's listener, and the only one who writes the record. */
    private void record(List<ServiceStatus> services) {
        try {
            new LakeRecord(
                            ProcessIdentity.current(),
                            phase.get(),
                            Optional.ofNullable(failure.get()),
                            port,
                            startedAt,
                            services)
                    .write(directory);
        } catch (UncheckedIOException e) {
            // A full disk must not end the supervision.
            LOG.warn("event=record_not_written reason=\"{}\"", e.getMessage());
        }
    }

    /** Stops the lake when the process has ended that it was started for, whatever it is in the middle of. */
    private void watchUser(ProcessIdentity user) {
        while (!awaitStop(LOOK_FOR_USER)) {
            if (!user.isAlive()) {
                LOG.info("event=user_gone pid={}", user.pid());
                stop.countDown();
                supervisor.stopAll(Leftovers.STOP_ORDER);
            }
        }
    }

    private boolean awaitStop(Duration atMost) {
        try {
            return stop.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    /** What the process does when it is told to end: it may end only when all is stopped. */
    private void stopAndWait() {
        stop.countDown();
        supervisor.stopAll(Leftovers.STOP_ORDER);
        try {
            stopped.await(GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DataDirectory.Lock lock() {
        long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
        while (true) {
            Optional<DataDirectory.Lock> lock = directory.tryLock();
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw inUse();
            }
            awaitStop(POLL);
        }
    }

    private LakeException inUse() {
        String holder = LakeRecord.read(directory)
                .map(LakeRecord::supervisor)
                .filter(ProcessIdentity::isAlive)
                .map(process -> "process " + process.pid())
                .orElse("another process");
        return new LakeException(
                LakeException.Kind.IN_USE,
                "the data directory " + directory.root() + " is in use by " + holder
                        + ": stop it with ./tenantlake down, or name another with --data-dir");
    }
}
