package dev.tenantlake.bench.fresh;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.bench.fresh.LayerWatch.Sighting;
import dev.tenantlake.bench.lake.LakeAddress;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.Principal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Places an order every few seconds and sees when Athena answers with it: from bronze as the administrator, from silver
 * and gold as the analyst of the order's tenant.
 */
public final class FreshnessWatch {

    /** Between two probes in the mean; not in step with anything that runs at an even pace. */
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(3);

    private static final Duration BRONZE_POLL = Duration.ofMillis(100);
    private static final Duration LAYER_POLL = Duration.ofMillis(200);
    private static final long SEED = 5;

    private final LakeAddress lake;

    /**
     * What was seen of the layers.
     *
     * @param sightings by layer, in the order in which they were seen
     * @param questions how many Athena was asked
     * @param tenant the slug of the tenant whose orders the probes were
     * @param startedNanos when the watch began, by {@link System#nanoTime}
     */
    public record Result(Map<Layer, List<Sighting>> sightings, int questions, String tenant, long startedNanos) {

        /** Seconds from the commit until Athena's answer, of the probes that were placed between two moments. */
        public List<Double> seen(Layer layer, Duration from, Duration to) {
            return between(layer, from, to).stream().map(Sighting::seen).toList();
        }

        /** Seconds from the commit until the layer's record said that it is there. */
        public List<Double> held(Layer layer, Duration from, Duration to) {
            return between(layer, from, to).stream().map(Sighting::held).toList();
        }

        private List<Sighting> between(Layer layer, Duration from, Duration to) {
            return sightings.get(layer).stream()
                    .filter(sighting -> sighting.committedNanos() - startedNanos >= from.toNanos()
                            && sighting.committedNanos() - startedNanos < to.toNanos())
                    .toList();
        }
    }

    public FreshnessWatch(LakeAddress lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * Watches for so long, and until the last probe was seen.
     *
     * @param healthy is called again and again, and throws if there is no point in going on
     * @throws LakeException if a probe is not seen in time, or a question fails
     */
    public Result run(Duration time, Runnable healthy) {
        try (AwsClients admin = lake.adminClients();
                S3Client s3 = admin.s3();
                ProbeWriter writer = new ProbeWriter(lake.connect());
                AthenaSession asAdmin = new AthenaSession(admin, new Principal.Admin());
                AthenaSession asAnalyst = new AthenaSession(admin, new Principal.Analyst(writer.slug()))) {
            LayerPositions positions = new LayerPositions(s3, admin.config().layout());
            BronzeRecord bronze =
                    new BronzeRecord(new EpochLog(s3, admin.config().layout()));
            List<LayerWatch> watches = List.of(
                    new LayerWatch(
                            Layer.BRONZE,
                            bronze::reached,
                            BRONZE_POLL,
                            asAdmin,
                            // What came lately is in the last two blocks.
                            currencies -> "select currency from bronze.orders where ingest_date >= '" + yesterday()
                                    + "' and epoch_block >= " + (BronzeColumns.epochBlock(bronze.epoch()) - 1)
                                    + " and tenant_id = " + writer.tenant() + " and currency in (" + list(currencies)
                                    + ")"),
                    new LayerWatch(
                            Layer.SILVER,
                            () -> positions.read(Layer.SILVER).map(LayerPosition::lsn),
                            LAYER_POLL,
                            asAnalyst,
                            currencies -> "select currency from silver.orders where tenant_id = " + writer.tenant()
                                    + " and month >= '" + YearMonth.from(yesterday()) + "' and currency in ("
                                    + list(currencies) + ")"),
                    new LayerWatch(
                            Layer.GOLD,
                            () -> positions.read(Layer.GOLD).map(LayerPosition::lsn),
                            LAYER_POLL,
                            asAnalyst,
                            currencies -> "select currency from gold.revenue_daily where tenant_id = " + writer.tenant()
                                    + " and month >= '" + YearMonth.from(yesterday()) + "' and currency in ("
                                    + list(currencies) + ")"));
            return watch(time, writer, watches, healthy);
        }
    }

    private static Result watch(Duration time, ProbeWriter writer, List<LayerWatch> watches, Runnable healthy) {
        ExecutorService threads = Executors.newFixedThreadPool(watches.size(), task -> {
            Thread thread = new Thread(task, "layer-watch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            watches.forEach(watch -> running.add(threads.submit(watch)));
            long started = System.nanoTime();
            Random random = new Random(SEED);
            while (System.nanoTime() - started < time.toNanos()) {
                Probe probe = writer.place();
                watches.forEach(watch -> watch.expect(probe));
                long pause = (long) (BETWEEN_PROBES.toNanos() * (0.5 + random.nextDouble()));
                long until = System.nanoTime() + pause;
                while (System.nanoTime() < until) {
                    requireRunning(running);
                    healthy.run();
                    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                }
            }
            watches.forEach(LayerWatch::expectNoMore);
            for (Future<?> watch : running) {
                get(watch);
            }
            Map<Layer, List<Sighting>> sightings = new EnumMap<>(Layer.class);
            watches.forEach(watch -> sightings.put(watch.layer(), watch.sightings()));
            return new Result(
                    sightings, watches.stream().mapToInt(LayerWatch::questions).sum(), writer.slug(), started);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void requireRunning(List<Future<?>> watches) {
        watches.stream().filter(Future::isDone).forEach(FreshnessWatch::get);
    }

    private static void get(Future<?> watch) {
        try {
            watch.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(LakeException.Kind.UNFIT, "the bench was stopped", e);
        }
    }

    /** How far bronze is: one request for the next manifest each time, which is answered at once when it is not there. */
    private static final class BronzeRecord {

        private final EpochLog log;
        private Optional<EpochManifest> last;

        BronzeRecord(EpochLog log) {
            this.log = log;
            this.last = log.latest();
        }

        Optional<Lsn> reached() {
            Optional<EpochManifest> next = log.read(epoch() + 1);
            while (next.isPresent()) {
                last = next;
                next = log.read(epoch() + 1);
            }
            return last.map(EpochManifest::lastLsn);
        }

        /** The last epoch that was seen. */
        long epoch() {
            return last.map(EpochManifest::epoch).orElse(0L);
        }
    }

    /** An order may be asked for just after midnight that came just before, or be of the day before by its tenant's clock. */
    private static LocalDate yesterday() {
        return LocalDate.now(ZoneOffset.UTC).minusDays(1);
    }

    private static String list(List<String> currencies) {
        return "'" + String.join("', '", currencies) + "'";
    }
}
