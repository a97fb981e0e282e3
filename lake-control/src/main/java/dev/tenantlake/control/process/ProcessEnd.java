package dev.tenantlake.control.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends processes: asks, gives them time, and then makes them end together with what they started. */
public final class ProcessEnd {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final Duration POLL = Duration.ofMillis(20);
    /** How long the system may take to end a process that is not asked. */
    private static final Duration KILL = Duration.ofSeconds(10);

    private ProcessEnd() {}

    /**
     * Ends a process, and what it started and did not end itself.
     *
     * @param grace how long it may take to end orderly
     * @return whether it ended without being made to
     */
    public static boolean end(ProcessIdentity process, Duration grace) {
        Optional<ProcessHandle> handle = process.find();
        if (handle.isEmpty()) {
            return true;
        }
        List<ProcessIdentity> family = descendants(handle.get());
        handle.get().destroy();
        boolean orderly = await(process, grace);
        if (!orderly) {
            LOG.warn("event=process_killed pid={} after_seconds={}", process.pid(), grace.toSeconds());
            kill(process);
        }
        family.forEach(ProcessEnd::kill);
        return orderly;
    }

    /** Makes a process end, at once; does nothing if it has ended. */
    public static void kill(ProcessIdentity process) {
        process.find().ifPresent(handle -> {
            handle.destroyForcibly();
            await(process, KILL);
        });
    }

    /** What a process has started, and what that has, and so on. */
    public static List<ProcessIdentity> descendants(ProcessHandle handle) {
        List<ProcessIdentity> family = new ArrayList<>();
        handle.descendants().forEach(child -> ProcessIdentity.of(child).ifPresent(family::add));
        return List.copyOf(family);
    }

    /** Waits until a process has ended; returns whether it has. */
    public static boolean await(ProcessIdentity process, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }
}
