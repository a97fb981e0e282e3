package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.process.ProcessEnd;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run leaves on a data directory that was not stopped but killed, and the clearing away of that. */
public final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    /** In which the services stop: those who write first, then those whom they write to. */
    public static final List<String> STOP_ORDER =
            List.of("etl-jobs", "cdc-ingest", "athena-queries", "source-app", "seed", "local-aws");

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration POSTGRES_GRACE = Duration.ofSeconds(15);

    private final DataDirectory directory;

    public Leftovers(DataDirectory directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /** Ends the processes that were recorded and still run, in order; returns how many there were. */
    public int clearProcesses() {
        int ended = 0;
        Optional<LakeRecord> record = LakeRecord.read(directory);
        for (String name : STOP_ORDER) {
            Optional<ServiceStatus> service = record.flatMap(recorded -> recorded.service(name));
            if (service.isPresent()) {
                ended += end(service.get());
            }
        }
        return ended + clearPostgres();
    }

    /**
     * Ends a Postgres that runs on this data directory though the local-aws that started it is gone: it is a daemon, and
     * so not among the descendants.
     */
    public int clearPostgres() {
        if (localAwsRuns()) {
            return 0;
        }
        int ended = 0;
        for (Path pidFile : postmasterPidFiles()) {
            Optional<ProcessIdentity> postmaster = postmaster(pidFile);
            if (postmaster.isPresent()) {
                LOG.warn("event=leftover_postgres pid={}", postmaster.get().pid());
                interrupt(postmaster.get());
                if (!ProcessEnd.await(postmaster.get(), POSTGRES_GRACE)) {
                    ProcessEnd.kill(postmaster.get());
                }
                ended++;
            }
        }
        return ended;
    }

    /** The Postgres that runs on this data directory, or empty if none does. */
    public Optional<ProcessIdentity> postmaster() {
        return postmasterPidFiles().stream()
                .flatMap(pidFile -> postmaster(pidFile).stream())
                .findFirst();
    }

    /** Removes the ready file and the lock that a killed local-aws left, and the record. */
    public void clearFiles() {
        try {
            if (!localAwsRuns()) {
                Files.deleteIfExists(directory.localAwsFile());
                removeUnheld(directory.localAwsLock());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LakeRecord.remove(directory);
    }

    /** Whether the process lives that the ready file names, which need not be one that was recorded here. */
    private boolean localAwsRuns() {
        return LocalServices.read(directory)
                .flatMap(services -> ProcessHandle.of(services.pid()))
                .flatMap(ProcessIdentity::of)
                .isPresent();
    }

    private static void removeUnheld(Path lockFile) throws IOException {
        if (Files.exists(lockFile)) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
                if (channel.tryLock() != null) {
                    Files.deleteIfExists(lockFile);
                }
            }
        }
    }

    private static int end(ServiceStatus service) {
        int ended = 0;
        Optional<ProcessIdentity> process = service.process().filter(ProcessIdentity::isAlive);
        if (process.isPresent()) {
            LOG.warn(
                    "event=leftover_process service={} pid={}",
                    service.name(),
                    process.get().pid());
            ProcessEnd.end(process.get(), GRACE);
            ended++;
        }
        for (ProcessIdentity descendant : service.descendants()) {
            if (descendant.isAlive()) {
                LOG.warn("event=leftover_process started_by={} pid={}", service.name(), descendant.pid());
                ProcessEnd.kill(descendant);
                ended++;
            }
        }
        return ended;
    }

    private List<Path> postmasterPidFiles() {
        if (!Files.isDirectory(directory.postgres())) {
            return List.of();
        }
        try (Stream<Path> files =
                Files.find(directory.postgres(), 2, (file, attributes) -> file.endsWith("postmaster.pid"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process that a {@code postmaster.pid} names, if it is a Postgres on the directory that the file is in. */
    private static Optional<ProcessIdentity> postmaster(Path pidFile) {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(handle -> isPostgresOn(handle, pidFile.getParent()))
                    .flatMap(ProcessIdentity::of);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            LOG.warn("event=postmaster_pid_unreadable file={} reason=\"{}\"", pidFile, e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isPostgresOn(ProcessHandle handle, Path data) {
        boolean isPostgres = handle.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString())
                .filter(name -> name.equals("postgres"))
                .isPresent();
        return isPostgres
                && handle.info()
                        .arguments()
                        .filter(arguments -> Stream.of(arguments).anyMatch(data.toString()::equals))
                        .isPresent();
    }

    /** SIGINT, with which Postgres shuts down fast; SIGTERM would have it wait for its clients. */
    private static void interrupt(ProcessIdentity process) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.warn("event=kill_failed pid={} reason=\"{}\"", process.pid(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
