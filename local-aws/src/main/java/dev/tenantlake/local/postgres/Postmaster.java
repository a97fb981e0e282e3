package dev.tenantlake.local.postgres;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process of a running Postgres, known by the {@code postmaster.pid} that it leaves in its data directory. */
final class Postmaster {

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration TO_STOP = Duration.ofSeconds(4);

    private final ProcessHandle process;
    private final Path dataDirectory;

    private Postmaster(ProcessHandle process, Path dataDirectory) {
        this.process = requireNonNull(process, "process");
        this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory");
    }

    /** The Postgres that runs on that data, or empty if none does, whatever a file left behind may say. */
    static Optional<Postmaster> of(Path dataDirectory) {
        Path file = dataDirectory.resolve("postmaster.pid");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.isEmpty() || !lines.get(0).strip().matches("\\d+")) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(process -> isPostgresOn(process, dataDirectory))
                    .map(process -> new Postmaster(process, dataDirectory));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Removes what a Postgres left that was killed: its process id may be another process's by now. */
    static void clearLeftFile(Path dataDirectory) {
        try {
            if (Files.deleteIfExists(dataDirectory.resolve("postmaster.pid"))) {
                LOG.info("event=postgres_pid_file_left directory={}", dataDirectory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove postmaster.pid from " + dataDirectory, e);
        }
    }

    private static boolean isPostgresOn(ProcessHandle process, Path dataDirectory) {
        ProcessHandle.Info info = process.info();
        return process.isAlive()
                && info.command()
                        .filter(command -> command.endsWith("/postgres"))
                        .isPresent()
                && info.arguments()
                        .filter(arguments -> List.of(arguments).contains(dataDirectory.toString()))
                        .isPresent();
    }

    long pid() {
        return process.pid();
    }

    /** Disconnects all clients and stops it, by force if it does not stop by itself. */
    void stop() {
        for (String signal : List.of("INT", "QUIT", "KILL")) {
            signal(signal);
            if (ends()) {
                return;
            }
            LOG.warn("event=postgres_does_not_stop pid={} signal={}", pid(), signal);
        }
        throw new LakeException(
                LakeException.Kind.IN_USE,
                "Postgres, process " + pid() + " on " + dataDirectory + ", does not stop: end it, and start again");
    }

    private boolean ends() {
        long deadline = System.nanoTime() + TO_STOP.toNanos();
        while (System.nanoTime() < deadline) {
            if (!isPostgresOn(process, dataDirectory)) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return false;
    }

    /** Java itself can send but two signals, and both mean something else to Postgres. */
    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
