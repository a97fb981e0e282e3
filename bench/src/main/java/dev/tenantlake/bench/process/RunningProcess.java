package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A process that the bench started, with what it writes. It is stopped by {@link #close}. */
public final class RunningProcess implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    private final String name;
    private final Process process;
    private final Path log;
    private final Path output;

    private RunningProcess(String name, Process process, Path log, Path output) {
        this.name = requireNonNull(name, "name");
        this.process = requireNonNull(process, "process");
        this.log = requireNonNull(log, "log");
        this.output = requireNonNull(output, "output");
    }

    /**
     * Starts it.
     *
     * @param name what it is called in messages
     * @param log what its standard error is written to; its standard output goes to a file beside it
     */
    static RunningProcess start(String name, ProcessBuilder builder, Path log) {
        Path output = log.resolveSibling(log.getFileName() + ".out");
        try {
            Process process = builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(log.toFile())
                    .redirectOutput(output.toFile())
                    .start();
            return new RunningProcess(name, process, log, output);
        } catch (IOException e) {
            throw new LakeException(LakeException.Kind.UNFIT, name + " cannot be started: " + e.getMessage(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has logged by now. */
    public LogFile log() {
        return new LogFile(log);
    }

    /** What it has written to its standard output by now. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it logs an event that it is asked for. */
    public LogEvent awaitEvent(String event, Duration atMost) {
        return awaitEvent(event, found -> true, atMost);
    }

    /**
     * Waits until it logs such an event.
     *
     * @throws LakeException if it ends before, or of kind {@code TIMEOUT}
     */
    public LogEvent awaitEvent(String event, Predicate<LogEvent> which, Duration atMost) {
        return await("logged event=" + event, atMost, () -> log().last(event).filter(which));
    }

    /**
     * Waits, while it runs, until there is what is waited for.
     *
     * @param what it has not done yet, for the message
     * @throws LakeException if it ends before, or of kind {@code TIMEOUT}
     */
    public <T> T await(String what, Duration atMost, Supplier<Optional<T>> found) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            boolean alive = isAlive();
            Optional<T> result = found.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (!alive) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        name + " ended with exit code " + process.exitValue() + " before it had " + what + ": "
                                + lastLine());
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        name + " had not " + what + " after " + atMost.toSeconds() + " s; it last said: " + lastLine());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /**
     * Waits until it has ended well.
     *
     * @throws LakeException if it ends with another exit code than 0, or of kind {@code TIMEOUT}
     */
    public void awaitSuccess(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        name + " had not ended after " + atMost.toSeconds() + " s; it last said: " + lastLine());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (process.exitValue() != 0) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    name + " ended with exit code " + process.exitValue() + ": " + lastLine());
        }
    }

    /** Tells it to end and waits for that; one that does not end in time is killed, with what it started. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
                descendants.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
            throw interrupted(e);
        }
    }

    private String lastLine() {
        return log().lastLine().orElse("nothing");
    }

    private static LakeException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LakeException(LakeException.Kind.UNFIT, "the bench was stopped", e);
    }
}
