package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * How much memory some processes have resident, now and at most. Linux keeps the highest of a process by itself; where it
 * is not kept, and of processes that share memory and are seen as one, it is the highest of what was seen every few seconds.
 */
public final class ProcessMemory implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern SHARE = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");

    private final OperatingSystem system = new SystemInfo().getOperatingSystem();
    private final Map<String, List<Long>> processes;
    private final Set<String> families;
    private final Map<String, Long> highest = new LinkedHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "memory");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param processes by what they are called, their ids
     * @param families the names of those that are seen as one with their children, with whom they share memory
     */
    public ProcessMemory(Map<String, List<Long>> processes, Set<String> families) {
        this.families = Set.copyOf(families);
        this.processes = new LinkedHashMap<>(requireNonNull(processes, "processes"));
        now();
        clock.scheduleWithFixedDelay(this::now, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Resident bytes now, by name. */
    public synchronized Map<String, Long> now() {
        Map<String, Long> now = new LinkedHashMap<>();
        processes.forEach((name, pids) -> {
            long bytes = families.contains(name) ? shared(pids.get(0)) : resident(pids.get(0));
            now.put(name, bytes);
            highest.merge(name, bytes, Math::max);
        });
        return now;
    }

    /** The most that was resident of each, in bytes by name. */
    public synchronized Map<String, Long> peaks() {
        now();
        Map<String, Long> peaks = new LinkedHashMap<>(highest);
        processes.forEach((name, pids) -> {
            if (!families.contains(name)) {
                kilobytes(pids.get(0), "status", PEAK).ifPresent(peak -> peaks.merge(name, peak, Math::max));
            }
        });
        return peaks;
    }

    /** Of a family of processes, each its part of what they share; the first is the parent of the others. */
    private long shared(long parent) {
        return ProcessHandle.of(parent).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .mapToLong(process ->
                        kilobytes(process.pid(), "smaps_rollup", SHARE).orElseGet(() -> resident(process.pid())))
                .sum();
    }

    private long resident(long pid) {
        OSProcess process = system.getProcess((int) pid);
        return process == null ? 0 : process.getResidentMemory();
    }

    private static OptionalLong kilobytes(long pid, String file, Pattern line) {
        try {
            Matcher found = line.matcher(Files.readString(
                    Path.of("/proc").resolve(Long.toString(pid)).resolve(file)));
            return found.find() ? OptionalLong.of(Long.parseLong(found.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException e) {
            // Not Linux, or it has just ended.
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
