package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.process.ProcessEnd;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.model.LakeException;
import java.time.Duration;
import java.util.Optional;

/** Stops the lake on a data directory, whatever state it is in, and leaves no process and no lock behind. */
public final class LakeShutdown {

    /** How long the supervisor may take: each of four services its grace at the worst. */
    private static final Duration SUPERVISOR_GRACE = Duration.ofSeconds(150);

    private final DataDirectory directory;

    public LakeShutdown(DataDirectory directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /**
     * Stops the lake.
     *
     * @return what there was to stop
     * @throws LakeException of kind {@code IN_USE} if another process holds the directory and is not a lake's supervisor
     *     that can be found
     */
    public Outcome stop() {
        Optional<LakeRecord> record = LakeRecord.read(directory);
        Optional<ProcessIdentity> supervisor =
                record.map(LakeRecord::supervisor).filter(ProcessIdentity::isAlive);
        supervisor.ifPresent(process -> ProcessEnd.end(process, SUPERVISOR_GRACE));
        int leftovers = new Leftovers(directory).clearProcesses();
        if (record.isPresent() || directory.hasLockFile()) {
            DataDirectory.Lock lock = directory
                    .tryLock()
                    .orElseThrow(() -> new LakeException(
                            LakeException.Kind.IN_USE,
                            directory.root() + " is held by a lake that is just starting; try again in a moment"));
            try (lock) {
                new Leftovers(directory).clearFiles();
            }
        }
        return new Outcome(supervisor.isPresent(), leftovers);
    }

    /**
     * What there was to stop.
     *
     * @param wasRunning whether a supervisor ran
     * @param leftovers how many processes outlived their supervisor
     */
    public record Outcome(boolean wasRunning, int leftovers) {}
}
