package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.Barrier;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeRecord;
import dev.tenantlake.control.lake.LakeShutdown;
import dev.tenantlake.control.lake.Leftovers;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceLog;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Starts a lake in the background and waits until all of it answers: the services, the query engine, and the road from a
 * commit to gold and the grants, which a barrier goes all the way.
 */
public final class LakeStart {

    /** A service that dies so often while the lake starts will not be mended by starting it once more. */
    private static final int TOO_MANY_RESTARTS = 3;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Modules modules;
    private final DataDirectory directory;
    private final Consumer<Stage> stages;
    private final Consumer<String> waitingFor;
    private final long start = System.nanoTime();
    /** The supervisor's process id, 0 before there is one. */
    private volatile long launched;

    /** By name, when each stage was done. */
    private final Map<String, Duration> done = new LinkedHashMap<>();

    /**
     * @param stages is told each stage as it is done
     * @param waitingFor is told, over and over, what is being waited for, for a person
     */
    public LakeStart(Modules modules, DataDirectory directory, Consumer<Stage> stages, Consumer<String> waitingFor) {
        this.modules = requireNonNull(modules, "modules");
        this.directory = requireNonNull(directory, "directory");
        this.stages = requireNonNull(stages, "stages");
        this.waitingFor = requireNonNull(waitingFor, "waitingFor");
    }

    /** Whether a supervisor runs on the data directory already. */
    public static boolean isRunning(DataDirectory directory) {
        return LakeRecord.read(directory)
                .map(LakeRecord::supervisor)
                .filter(ProcessIdentity::isAlive)
                .isPresent();
    }

    /** Starts the supervisor. Who called this stops it again if it does not want to wait for the lake. */
    public void launch(LaunchOptions options) {
        int first = options.port() == 0 ? Ports.findFree() : options.port();
        clearLeftovers();
        Ports.requireFree(first);
        fetchQueryEngine();
        launchSupervisor(options.arguments(first));
    }

    /** Stops the lake again if it was launched here, and not by another. */
    public void stopLaunched() {
        if (launched == 0) {
            return;
        }
        if (supervisorIs(launched)) {
            new LakeShutdown(directory).stop();
        } else {
            ProcessHandle.of(launched).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Starts the supervisor's process and returns when it holds the data directory. */
    void launchSupervisor(List<String> options) {
        List<String> arguments = new ArrayList<>(
                List.of("supervise", "--data-dir", directory.root().toString()));
        arguments.addAll(options);
        ServiceLog log = new ServiceLog(directory.logs().resolve("lake-control.log"));
        long logStart = log.size();
        launched = DetachedProcess.start(modules.lakeControl(directory, arguments), log.file());
        while (!supervisorIs(launched)) {
            if (ProcessHandle.of(launched).flatMap(ProcessIdentity::of).isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        log.reason(logStart, "tenantlake", "the supervisor ended; see " + log.file()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Waits until all of a lake answers that was launched, here or by another.
     *
     * @throws LakeException with one line on what failed, or of kind {@code TIMEOUT} on what is behind
     */
    public RunningLake await(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        Optional<Road> road = Optional.empty();
        try {
            while (true) {
                LakeRecord record = requireAlive();
                observeServices(record);
                Optional<RunningLake> lake = RunningLake.find(directory);
                lake.ifPresent(this::observeQueryEngine);
                if (road.isEmpty() && lake.isPresent() && record.phase() == LakeRecord.Phase.RUNNING) {
                    road = openRoad(lake.get());
                }
                Optional<String> behind = road.flatMap(this::observeRoad);
                if (lake.isPresent() && road.isPresent() && behind.isEmpty() && done.containsKey("query engine")) {
                    return lake.get();
                }
                String wait = behind.orElseGet(() -> waitingForService(record));
                if (System.nanoTime() - deadline >= 0) {
                    throw new LakeException(
                            LakeException.Kind.TIMEOUT,
                            "the lake did not answer within " + atMost.toSeconds() + " s: " + wait
                                    + "; see the logs in " + directory.logs());
                }
                waitingFor.accept(wait);
                LockSupport.parkNanos(POLL.toNanos());
            }
        } finally {
            road.ifPresent(Road::close);
        }
    }

    /** A run that was killed can have left processes, and they would have the ports. */
    private void clearLeftovers() {
        if (!isRunning(directory)) {
            new Leftovers(directory).clearProcesses();
        }
    }

    /** Trino's server is large: its one download is shown, and is not to be found in a log. */
    private void fetchQueryEngine() {
        try {
            ServiceLog log = new ServiceLog(directory.logs().resolve("fetch-query-engine.log"));
            Process fetch = modules.fetchQueryEngine(directory)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int exitCode = fetch.waitFor();
            if (exitCode != 0) {
                throw new LakeException(
                        LakeException.Kind.UNFIT, "the query engine is not to be had; the line above says why");
            }
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the query engine cannot be fetched: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private boolean supervisorIs(long pid) {
        return LakeRecord.read(directory)
                .filter(record -> record.supervisor().pid() == pid)
                .isPresent();
    }

    private LakeRecord requireAlive() {
        Optional<LakeRecord> record = LakeRecord.read(directory);
        record.flatMap(LakeRecord::failure).ifPresent(failure -> {
            throw new LakeException(LakeException.Kind.UNFIT, failure);
        });
        if (record.isEmpty() || !record.get().supervisor().isAlive()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the lake was stopped while it was starting; see "
                            + directory.logs().resolve("lake-control.log"));
        }
        return record.get();
    }

    private void observeServices(LakeRecord record) {
        for (ServiceStatus service : record.services()) {
            // That a task failed, the supervisor says itself.
            boolean isTask =
                    service.name().equals("source-app") || service.name().equals("seed");
            boolean hopeless = (service.state() == ServiceState.FAILED && !isTask)
                    || (service.state() == ServiceState.BACKING_OFF && service.restarts() >= TOO_MANY_RESTARTS);
            if (hopeless) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        service.name() + ": " + service.lastError().orElse("ended") + "; see "
                                + directory.logs().resolve(service.name() + ".log"));
            }
            switch (service.name()) {
                case "local-aws" -> {
                    if (service.state() == ServiceState.RUNNING) {
                        done("local-aws", List.of(), "Postgres, S3 and AWS answer");
                    }
                }
                case "source-app" -> {
                    if (service.state() == ServiceState.DONE) {
                        done("migrate", List.of("local-aws"), "the shop's schema is up to date");
                    }
                }
                case "seed" -> {
                    if (service.state() == ServiceState.DONE) {
                        done("seed", List.of("migrate"), "the shop is filled");
                    }
                }
                default -> {
                    // Whether it does its work shows on the road.
                }
            }
        }
    }

    private void observeQueryEngine(RunningLake lake) {
        switch (lake.services().queryEngine()) {
            case READY -> done("query engine", List.of("local-aws"), "Athena answers");
            case FAILED, OFF ->
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        "the query engine does not start: "
                                + lake.services().queryEngineFailure().orElse("it is switched off"));
            case STARTING -> {
                // It takes its time.
            }
        }
    }

    /** The barrier that goes from the source to gold; empty if a service on the way does not answer yet. */
    private static Optional<Road> openRoad(RunningLake lake) {
        AwsClients clients;
        try {
            clients = lake.adminClients();
        } catch (LakeException e) {
            return Optional.empty();
        }
        try (Connection source = lake.connect()) {
            return Optional.of(new Road(clients, Barrier.commit(clients, source)));
        } catch (SdkException | LakeException | SQLException e) {
            // The supervisor starts again what died; if it cannot, that is seen there.
            clients.close();
            return Optional.empty();
        }
    }

    /** What the road is behind with, if it is. */
    private Optional<String> observeRoad(Road road) {
        Barrier.Progress progress;
        try {
            progress = road.barrier().progress();
        } catch (SdkException e) {
            return Optional.of("S3 does not answer");
        }
        if (progress.epoch().isPresent()) {
            long epoch = progress.epoch().getAsLong();
            done("bronze", List.of("seed", "migrate"), "epoch " + epoch);
            if (progress.silver() >= epoch) {
                done("silver", List.of("bronze"), "epoch " + progress.silver());
            }
            if (progress.gold() >= epoch) {
                done("gold", List.of("silver"), "epoch " + progress.gold());
            }
            if (progress.gold() >= epoch && progress.isGranted()) {
                done("grants", List.of("gold"), "every tenant's analyst has them");
            }
        }
        return progress.behind();
    }

    private String waitingForService(LakeRecord record) {
        for (ServiceStatus service : record.services()) {
            switch (service.state()) {
                case BACKING_OFF -> {
                    return service.name() + " died and is started again: "
                            + service.lastError().orElse("no reason given");
                }
                case WAITING, STARTING -> {
                    return service.name() + " is starting";
                }
                case RUNNING, DONE, STOPPED, FAILED -> {
                    // Not what is waited for.
                }
            }
        }
        return "the query engine is starting";
    }

    private void done(String name, List<String> after, String detail) {
        if (done.containsKey(name)) {
            return;
        }
        Duration at = Duration.ofNanos(System.nanoTime() - start);
        Duration from = after.stream()
                .filter(done::containsKey)
                .findFirst()
                .map(done::get)
                .orElse(Duration.ZERO);
        done.put(name, at);
        stages.accept(new Stage(name, at.minus(from), at, detail));
    }

    /**
     * A barrier on its way, and the clients with which it is followed.
     *
     * @param clients of the administrator
     * @param barrier the mark
     */
    private record Road(AwsClients clients, Barrier barrier) implements AutoCloseable {
        @Override
        public void close() {
            clients.close();
        }
    }
}
