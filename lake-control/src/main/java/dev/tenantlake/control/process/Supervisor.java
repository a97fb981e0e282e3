package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps services running: each has a process, and one that dies is started again, after a while that grows with each
 * death in a row. One that ends with {@value #WRONG_USAGE}, the exit code for wrong usage, is not: it would end so again.
 * Safe for use by several threads.
 */
public final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final int WRONG_USAGE = 2;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LOOK_FOR_DESCENDANTS = Duration.ofSeconds(1);
    private static final Duration SEEN_AS_DEAD = Duration.ofSeconds(1);

    private final Backoff backoff;
    private final Duration grace;
    private final Consumer<List<ServiceStatus>> listener;
    /** Guarded by this, as what follows. */
    private final Map<String, Supervised> services = new LinkedHashMap<>();

    private boolean closing;

    private final ScheduledExecutorService observer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "descendants");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param backoff how long to wait before a service is started again
     * @param grace how long a service may take to stop
     * @param listener is told the state of all services whenever one changed; never by two threads at once
     */
    public Supervisor(Backoff backoff, Duration grace, Consumer<List<ServiceStatus>> listener) {
        this.backoff = requireNonNull(backoff, "backoff");
        this.grace = requireNonNull(grace, "grace");
        this.listener = requireNonNull(listener, "listener");
        observer.scheduleWithFixedDelay(
                this::observeDescendants,
                LOOK_FOR_DESCENDANTS.toMillis(),
                LOOK_FOR_DESCENDANTS.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Starts a service and keeps it running until it is stopped; returns at once. */
    public void start(ServiceDefinition definition) {
        add(definition).thread.start();
    }

    /**
     * Runs a service that ends by itself, to its end: once, and again if it failed since what it needs had died, when that is
     * there again.
     *
     * @return how it ended: {@code DONE}, {@code FAILED}, or {@code STOPPED}
     */
    public ServiceStatus runOnce(ServiceDefinition definition) {
        Supervised task = add(definition);
        task.runOnce();
        return task.status();
    }

    /** How each service is, in the order in which they were started. */
    public synchronized List<ServiceStatus> statuses() {
        return services.values().stream().map(Supervised::status).toList();
    }

    /** How a service is. */
    public ServiceStatus status(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("no such service: " + name))
                .status();
    }

    /** Tells the listener how the services are, though nothing changed. */
    public synchronized void tellListener() {
        listener.accept(statuses());
    }

    /**
     * Stops all services for good, and returns when they are stopped: what is started from now on ends as stopped.
     *
     * @param first which to stop first, one after the other; the others follow, the last that was started first
     */
    public void stopAll(List<String> first) {
        synchronized (this) {
            closing = true;
        }
        first.forEach(this::stop);
        List<ServiceStatus> all = statuses();
        for (int i = all.size() - 1; i >= 0; i--) {
            stop(all.get(i).name());
        }
    }

    /** Stops all services, the last that was started first. */
    @Override
    public void close() {
        stopAll(List.of());
        observer.shutdownNow();
    }

    private void stop(String name) {
        find(name).ifPresent(Supervised::stop);
    }

    private synchronized Supervised add(ServiceDefinition definition) {
        Supervised service = new Supervised(definition);
        if (services.putIfAbsent(definition.name(), service) != null) {
            throw new IllegalArgumentException("started twice: " + definition.name());
        }
        if (closing) {
            service.stop.countDown();
        }
        tellListener();
        return service;
    }

    private synchronized Optional<Supervised> find(String name) {
        return Optional.ofNullable(services.get(name));
    }

    private synchronized void observeDescendants() {
        services.values().forEach(Supervised::observeDescendants);
    }

    /** One service; its thread waits for what it needs, starts its process, and waits for that to end. */
    private final class Supervised {

        private final ServiceDefinition definition;
        private final Thread thread;
        private final CountDownLatch stop = new CountDownLatch(1);
        /** Guarded by the supervisor. */
        private ServiceStatus status;

        Supervised(ServiceDefinition definition) {
            this.definition = requireNonNull(definition, "definition");
            this.status = ServiceStatus.waiting(definition.name());
            this.thread = new Thread(this::keepRunning, definition.name());
        }

        ServiceStatus status() {
            synchronized (Supervisor.this) {
                return status;
            }
        }

        void keepRunning() {
            int deathsInARow = 0;
            while (awaitWhatItNeeds()) {
                Instant start = Instant.now();
                End end = run();
                if (isStopping()) {
                    break;
                }
                if (end.exitCode() == WRONG_USAGE) {
                    fail(end);
                    return;
                }
                deathsInARow = backoff.deathsInARow(deathsInARow, Duration.between(start, Instant.now()));
                Duration delay = backoff.delay(deathsInARow);
                LOG.warn(
                        "event=service_died service={} exit_code={} deaths_in_a_row={} restart_in_ms={} reason=\"{}\"",
                        definition.name(),
                        end.exitCode(),
                        deathsInARow,
                        delay.toMillis(),
                        end.reason());
                change(now -> now.backingOff(end.reason(), delay));
                if (awaitStop(delay)) {
                    break;
                }
                change(ServiceStatus::waitingAgain);
            }
            change(ServiceStatus::stopped);
        }

        void runOnce() {
            while (awaitWhatItNeeds()) {
                End end = run();
                if (isStopping()) {
                    break;
                }
                if (end.exitCode() == 0) {
                    change(ServiceStatus::done);
                    return;
                }
                if (end.exitCode() == WRONG_USAGE || !isWhatItNeedsAway()) {
                    fail(end);
                    return;
                }
                LOG.warn(
                        "event=service_interrupted service={} exit_code={} reason=\"{}\"",
                        definition.name(),
                        end.exitCode(),
                        end.reason());
                change(now -> now.backingOff(end.reason(), Duration.ZERO).waitingAgain());
            }
            change(ServiceStatus::stopped);
        }

        /** What it needs may be seen to have died a moment after it ended for want of it. */
        private boolean isWhatItNeedsAway() {
            long until = System.nanoTime() + SEEN_AS_DEAD.toNanos();
            while (definition.mayStart().getAsBoolean()) {
                if (System.nanoTime() >= until || awaitStop(POLL)) {
                    return false;
                }
            }
            return true;
        }

        void stop() {
            boolean first;
            synchronized (Supervisor.this) {
                first = !isStopping();
                stop.countDown();
            }
            Instant start = Instant.now();
            status().process().ifPresent(process -> ProcessEnd.end(process, grace));
            if (thread.getState() != Thread.State.NEW) {
                joinUninterruptibly();
            }
            if (first) {
                LOG.info(
                        "event=service_stopped service={} ms={}",
                        definition.name(),
                        Duration.between(start, Instant.now()).toMillis());
            }
        }

        void observeDescendants() {
            ServiceStatus before = status();
            before.process().flatMap(ProcessIdentity::find).ifPresent(handle -> {
                List<ProcessIdentity> seen = ProcessEnd.descendants(handle);
                if (!seen.equals(before.descendants())) {
                    change(now -> now.process().equals(before.process()) ? now.withDescendants(seen) : now);
                }
            });
        }

        /** Starts the process and waits for its end. */
        private End run() {
            long logStart;
            Process process;
            synchronized (Supervisor.this) {
                if (isStopping()) {
                    return new End(0, "stopped");
                }
                try {
                    definition.log().prepare();
                    logStart = definition.log().size();
                    process = definition
                            .command()
                            .get()
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    definition.log().file().toFile()))
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .start();
                } catch (IOException | RuntimeException e) {
                    return new End(1, "it cannot be started: " + e.getMessage());
                }
                // A process that has ended already is waited for all the same; it has no identity any more.
                ProcessIdentity.of(process.toHandle()).ifPresent(identity -> change(now -> now.started(identity)));
            }
            LOG.info("event=service_started service={} pid={}", definition.name(), process.pid());
            awaitAnswer(process);
            int exitCode = waitFor(process);
            if (!isStopping()) {
                status().descendants().forEach(ProcessEnd::kill);
                definition.afterDeath().run();
            }
            return new End(
                    exitCode,
                    definition.log().reason(logStart, definition.program(), "ended with exit code " + exitCode));
        }

        private void awaitAnswer(Process process) {
            while (process.isAlive()) {
                Optional<ProcessIdentity> identity = status().process();
                if (identity.isPresent() && definition.answers().test(identity.get())) {
                    change(ServiceStatus::running);
                    return;
                }
                waitFor(process, POLL);
            }
        }

        /** Returns whether the service may start now; no, if it is to stop. */
        private boolean awaitWhatItNeeds() {
            while (!isStopping() && !definition.mayStart().getAsBoolean()) {
                awaitStop(POLL);
            }
            return !isStopping();
        }

        private boolean isStopping() {
            return stop.getCount() == 0;
        }

        private void fail(End end) {
            LOG.error(
                    "event=service_failed service={} exit_code={} reason=\"{}\"",
                    definition.name(),
                    end.exitCode(),
                    end.reason());
            change(now -> now.failed(end.reason()));
        }

        private void change(UnaryOperator<ServiceStatus> step) {
            synchronized (Supervisor.this) {
                status = step.apply(status);
                tellListener();
            }
        }

        private boolean awaitStop(Duration atMost) {
            try {
                return stop.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }

        private int waitFor(Process process) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }

        private void waitFor(Process process, Duration atMost) {
            try {
                process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }

        private void joinUninterruptibly() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    /**
     * How a process ended.
     *
     * @param exitCode its exit code
     * @param reason one line for a person
     */
    private record End(int exitCode, String reason) {}
}
