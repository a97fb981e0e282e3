package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a run of the bench keeps its data, and what it has running. When it is closed, or the bench is told to end, all
 * that was started is stopped, the last first, and the data is removed; what a run left that was killed, the next one
 * clears away.
 */
public final class Workspace implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
    private static final String PREFIX = "bench-";
    /** The file that says when the process was started whose folder it is. */
    private static final String STARTED = "started";

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path root;
    private final boolean keepLogs;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Thread hook = new Thread(this::clear, "clear");
    private boolean cleared;
    private int logs;

    private Workspace(Path root, boolean keepLogs) {
        this.root = requireNonNull(root, "root");
        this.keepLogs = keepLogs;
    }

    /**
     * A workspace of this process.
     *
     * @param parent below which it lies
     * @param keepLogs whether what the processes logged stays, for whoever looks for the cause of a failure
     */
    public static Workspace open(Path parent, boolean keepLogs) {
        Path folder = parent.toAbsolutePath().normalize();
        Path root = folder.resolve(PREFIX + ProcessHandle.current().pid());
        try {
            Files.createDirectories(folder);
            clearLeftovers(folder);
            Files.createDirectories(root.resolve("logs"));
            Files.writeString(root.resolve(STARTED), started(ProcessHandle.current()));
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--work-dir: " + folder + " cannot be written to (" + e.getMessage() + "); name another",
                    e);
        }
        Workspace workspace = new Workspace(root, keepLogs);
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    /** A folder in it, which is made if it is not there. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process, which is stopped with this if not before. */
    public synchronized RunningProcess start(String name, ProcessBuilder builder) {
        if (cleared) {
            throw new LakeException(LakeException.Kind.UNFIT, "the bench was stopped");
        }
        logs++;
        Path log =
                root.resolve("logs").resolve(String.format("%03d-%s.log", logs, name.replaceAll("[^a-z0-9-]+", "-")));
        RunningProcess process = RunningProcess.start(name, builder, log);
        running.push(process);
        return process;
    }

    /** Has something stopped with this, if it is not {@linkplain #forget forgotten} before. */
    public synchronized <T extends AutoCloseable> T keep(T resource) {
        running.push(resource);
        return resource;
    }

    /** Says that something was stopped. */
    public synchronized void forget(AutoCloseable resource) {
        running.remove(resource);
    }

    /** Removes a folder with all that is in it. */
    public void remove(Path folder) {
        delete(folder);
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("event=ending");
        }
    }

    private synchronized void clear() {
        if (cleared) {
            return;
        }
        cleared = true;
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("event=not_stopped reason=\"{}\"", e.getMessage());
            }
        }
        stopProcessesOn(root);
        try {
            if (keepLogs) {
                try (Stream<Path> parts = Files.list(root)) {
                    parts.filter(part -> !part.endsWith("logs")).forEach(Workspace::delete);
                }
            } else {
                delete(root);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("event=not_removed folder={} reason=\"{}\"", root, e.getMessage());
        }
    }

    private static void clearLeftovers(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> found = Files.list(folder)) {
            left = found.filter(path -> path.getFileName().toString().matches(PREFIX + "\\d+"))
                    .filter(path -> !isInUse(path))
                    .toList();
        }
        for (Path path : left) {
            LOG.info("event=left_by_another_run folder={}", path);
            stopProcessesOn(path);
            delete(path);
        }
    }

    /**
     * Whether the process that made a folder still runs. What the operating system tells of a process' arguments would not
     * say it: of one with a class path as long as the bench's it tells none.
     */
    private static boolean isInUse(Path folder) {
        long pid = Long.parseLong(folder.getFileName().toString().substring(PREFIX.length()));
        try {
            String started = Files.readString(folder.resolve(STARTED));
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> started.equals(started(process)))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** When a process was started: a later one with its number has another time. */
    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** Every process of a run names its folder in its command line. */
    private static void stopProcessesOn(Path folder) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments ->
                                Stream.of(arguments).anyMatch(argument -> argument.contains(folder.toString())))
                        .isPresent())
                .toList();
        left.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + GRACE.toNanos();
        while (left.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        left.forEach(ProcessHandle::destroyForcibly);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("event=gone folder={}", folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
