package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process: its id, and when it started. Ids are used again, so an id alone, read from a file that another run left,
 * may be anybody's by now; with the start it is that process or none.
 *
 * @param pid the process id
 * @param startedAs when it started, as the system tells it; equal for one process whoever asks, and only compared
 */
public record ProcessIdentity(long pid, String startedAs) {

    private static final Path PROC = Path.of("/proc");
    /** Linux: the boot that the clock ticks of {@code /proc/PID/stat} count from. */
    private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");

    public ProcessIdentity {
        requireNonNull(startedAs, "startedAs");
    }

    /** The process of that handle, or empty if it has ended. */
    public static Optional<ProcessIdentity> of(ProcessHandle handle) {
        return start(handle).map(startedAs -> new ProcessIdentity(handle.pid(), startedAs));
    }

    /** This process. */
    public static ProcessIdentity current() {
        return of(ProcessHandle.current())
                .orElseThrow(() -> new IllegalStateException("the system does not tell when this process started"));
    }

    /** The process, or empty if it has ended, though another may have its id now. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(handle -> start(handle).filter(startedAs::equals).isPresent());
    }

    public boolean isAlive() {
        return find().isPresent();
    }

    /** When a process started, or empty if it has ended: also if only its parent has not taken note of that. */
    private static Optional<String> start(ProcessHandle handle) {
        if (Files.isReadable(BOOT)) {
            return ticks(handle.pid());
        }
        return handle.isAlive()
                ? handle.info().startInstant().map(start -> "at " + start.toEpochMilli())
                : Optional.empty();
    }

    /**
     * Linux: ticks since the boot. The handle's own start instant is made of the wall clock, and two processes can read
     * it differently when that was set in between.
     */
    private static Optional<String> ticks(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            // The second field is the command in parentheses, and may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended
                    ? Optional.empty()
                    : Optional.of(fields[19] + "@" + Files.readString(BOOT).strip());
        } catch (IOException e) {
            // There is no such process (any more).
            return Optional.empty();
        }
    }
}
