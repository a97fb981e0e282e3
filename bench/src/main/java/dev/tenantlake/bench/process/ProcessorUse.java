package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OSThread;
import oshi.software.os.OperatingSystem;

/**
 * How much of the processors some processes use from when it is made, and which of their threads: what bounds a figure.
 * By the operating system's own account, which is read every few seconds, since a process that ends takes its own with it.
 */
public final class ProcessorUse implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final int THREADS_SAID = 4;
    private static final double WORTH_SAYING = 0.02;

    private final OperatingSystem system = new SystemInfo().getOperatingSystem();
    private final Map<String, List<Long>> processes;
    private final Map<Key, Long> first = new HashMap<>();
    private final Map<Key, Long> last = new HashMap<>();
    private final Map<Key, String> names = new HashMap<>();
    private final long startedNanos;
    private long lookedNanos;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "processor-use");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param pid of the process
     * @param thread its id, or 0 for the process as a whole
     */
    private record Key(long pid, int thread) {}

    private ProcessorUse(Map<String, List<Long>> processes) {
        this.processes = new LinkedHashMap<>(requireNonNull(processes, "processes"));
        this.startedNanos = System.nanoTime();
        look();
        first.putAll(last);
        clock.scheduleWithFixedDelay(this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Begins to watch.
     *
     * @param processes by what they are called, their ids; the processes that these start are counted with them
     */
    public static ProcessorUse of(Map<String, List<Long>> processes) {
        return new ProcessorUse(processes);
    }

    /** Ends the watch and says in a line what they used: all together, by process, and the threads that used most. */
    public String end() {
        clock.shutdownNow();
        look();
        return line();
    }

    private synchronized String line() {
        double seconds = Math.max(0.001, (lookedNanos - startedNanos) / 1e9);
        Map<String, Double> byProcess = new LinkedHashMap<>();
        processes.keySet().forEach(name -> byProcess.put(name, 0.0));
        List<Map.Entry<String, Double>> threads = new ArrayList<>();
        last.forEach((key, millis) -> {
            double cores = (millis - first.getOrDefault(key, 0L)) / 1000.0 / seconds;
            if (key.thread() == 0) {
                byProcess.merge(names.get(key), cores, Double::sum);
            } else {
                threads.add(Map.entry(names.get(key), cores));
            }
        });
        double all =
                byProcess.values().stream().mapToDouble(Double::doubleValue).sum();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%.2f of %d processors over %.1f s: ",
                all,
                Runtime.getRuntime().availableProcessors(),
                seconds));
        line.append(byProcess.entrySet().stream()
                .map(process -> String.format(Locale.ROOT, "%s %.2f", process.getKey(), process.getValue()))
                .reduce((before, next) -> before + ", " + next)
                .orElse("nothing"));
        String busiest = threads.stream()
                .filter(thread -> thread.getValue() >= WORTH_SAYING)
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(THREADS_SAID)
                .map(thread -> String.format(Locale.ROOT, "%s %.2f", thread.getKey(), thread.getValue()))
                .reduce((before, next) -> before + ", " + next)
                .orElse("none above 0.02");
        return line.append("; busiest threads: ").append(busiest).toString();
    }

    private synchronized void look() {
        Set<Long> named = processes.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        processes.forEach((name, roots) ->
                roots.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(root -> look(name, root, named)));
        lookedNanos = System.nanoTime();
    }

    /** Looks at a process and those that it started, but for those that have a name of their own here. */
    private void look(String name, ProcessHandle process, Set<Long> named) {
        look(name, process.pid());
        process.children().filter(child -> !named.contains(child.pid())).forEach(child -> look(name, child, named));
    }

    private void look(String name, long pid) {
        OSProcess process = system.getProcess((int) pid);
        if (process == null) {
            return;
        }
        put(new Key(pid, 0), name, process.getKernelTime() + process.getUserTime());
        for (OSThread thread : process.getThreadDetails()) {
            put(
                    new Key(pid, thread.getThreadId()),
                    name + "/" + thread.getName(),
                    thread.getKernelTime() + thread.getUserTime());
        }
    }

    private void put(Key key, String name, long millis) {
        names.put(key, name);
        // Of a process that is just ending, nothing is known.
        last.merge(key, millis, Math::max);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
