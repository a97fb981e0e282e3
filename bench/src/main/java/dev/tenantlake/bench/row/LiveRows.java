package dev.tenantlake.bench.row;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.bench.fresh.FreshnessWatch;
import dev.tenantlake.bench.lake.LiveLake;
import dev.tenantlake.bench.process.ProcessMemory;
import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is seen of a whole lake under the shop's traffic: how old what Athena answers is, what the processes need, and
 * whether that stays so.
 */
public final class LiveRows implements Measurement {

    public static final String FRESHNESS = "freshness";
    public static final String MEMORY = "memory";
    public static final String LIVE = "live";
    public static final String SOAK = "soak";

    static final int RATE = 50;
    /** Under traffic before anything counts, until the JVMs have compiled what they run most. */
    private static final Duration WARM_UP = Duration.ofSeconds(60);

    private static final Duration QUICK_WARM_UP = Duration.ofSeconds(15);
    /** The traffic goes on until the last probe was seen and the last question answered. */
    private static final Duration AFTER = Duration.ofMinutes(8);
    /** How often each live question is asked. */
    private static final int ASKED = 4;

    private final Optional<Duration> soak;

    /** @param soak how long the soak takes, if there is to be one; the other rows then come from it */
    public LiveRows(Optional<Duration> soak) {
        this.soak = requireNonNull(soak, "soak");
    }

    @Override
    public List<String> rows() {
        return soak.isPresent() ? List.of(FRESHNESS, MEMORY, LIVE, SOAK) : List.of(FRESHNESS, MEMORY, LIVE);
    }

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        stage.closeLake();
        stage.say("a lake that is up, with its shop filled");
        try (LiveLake lake = LiveLake.start(
                stage.checkout(), stage.workspace(), stage.sizes().freshRows(), Stage.TENANTS)) {
            Duration warmUp = stage.sizes().quick() ? QUICK_WARM_UP : WARM_UP;
            Duration time =
                    wanted.contains(SOAK) ? soak.orElseThrow() : stage.sizes().freshFor();
            RunningProcess traffic = lake.startTraffic(RATE, warmUp.plus(time).plus(AFTER));
            Map<String, List<Long>> processes = lake.processes();
            Map<String, List<Long>> all = new LinkedHashMap<>(processes);
            all.put("traffic", List.of(traffic.pid()));
            all.put("bench", List.of(ProcessHandle.current().pid()));
            try (ProcessMemory memory = new ProcessMemory(processes, Set.of("Postgres"))) {
                stage.say("traffic, " + warmUp.toSeconds() + " s to warm up");
                await(warmUp, () -> requireAlive(traffic));
                stage.say("freshness, for " + time.toSeconds() + " s");
                Course course = new Course(lake, memory, time);
                Instant started = Instant.now();
                String use;
                FreshnessWatch.Result seen;
                try (ProcessorUse watched = ProcessorUse.of(all)) {
                    seen = new FreshnessWatch(lake.address()).run(time, () -> {
                        requireAlive(traffic);
                        course.look();
                    });
                    use = watched.end();
                }
                course.lookAtTheEnd();
                Optional<LiveRow> live = Optional.empty();
                if (wanted.contains(LIVE)) {
                    stage.say("live questions");
                    live = Optional.of(
                            LiveRow.ask(lake, seen.tenant(), stage.sizes().quick() ? 1 : ASKED));
                }
                // Fails if a service has died meanwhile.
                lake.processes();
                Traffic written = stop(traffic, stage);
                Watched result = new Watched(
                        time, started, seen, written, course.moments(), memory.peaks(), memory.now(), use, lake);
                List<RowResult> results = new ArrayList<>();
                if (wanted.contains(FRESHNESS)) {
                    results.add(FreshnessRow.of(FRESHNESS, result, conditions));
                }
                if (wanted.contains(MEMORY)) {
                    results.add(MemoryRow.of(MEMORY, result, conditions));
                }
                live.ifPresent(row -> results.add(row.result(LIVE, conditions)));
                if (wanted.contains(SOAK)) {
                    results.add(SoakRow.of(SOAK, result, conditions));
                }
                return results;
            }
        }
    }

    /**
     * What was seen.
     *
     * @param time for how long it was watched
     * @param started when that began
     * @param seen of the probes
     * @param traffic what was written
     * @param moments how the lake was at the beginning, in the middle and at the end
     * @param peaks of each process' resident memory, in bytes
     * @param resident at the end
     * @param use of the processors
     * @param lake whose logs are still to be read
     */
    record Watched(
            Duration time,
            Instant started,
            FreshnessWatch.Result seen,
            Traffic traffic,
            List<Course.Moment> moments,
            Map<String, Long> peaks,
            Map<String, Long> resident,
            String use,
            LiveLake lake) {}

    /**
     * What the traffic says of itself.
     *
     * @param transactions how many it committed
     * @param rate in a second
     */
    record Traffic(long transactions, double rate) {}

    private static Traffic stop(RunningProcess traffic, Stage stage) {
        requireAlive(traffic);
        traffic.close();
        stage.workspace().forget(traffic);
        JsonNode report = LakeJson.read(
                traffic.output().getBytes(StandardCharsets.UTF_8), JsonNode.class, "the traffic's report");
        Traffic written = new Traffic(
                report.path("transactions").asLong(), report.path("rate").asDouble());
        if (written.transactions() == 0) {
            throw new LakeException(LakeException.Kind.UNFIT, "the traffic wrote nothing: " + report);
        }
        return written;
    }

    private static void requireAlive(RunningProcess traffic) {
        if (!traffic.isAlive()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the traffic ended by itself: " + traffic.log().lastLine().orElse("it said nothing"));
        }
    }

    private static void await(Duration time, Runnable healthy) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            healthy.run();
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(200).toNanos());
        }
    }
}
