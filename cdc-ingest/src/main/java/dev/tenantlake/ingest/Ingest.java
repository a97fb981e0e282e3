package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BlockSettler;
import dev.tenantlake.ingest.bronze.BronzeCatalog;
import dev.tenantlake.ingest.bronze.BronzeMetrics;
import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.OrphanSweep;
import dev.tenantlake.ingest.snapshot.PublishedTables;
import dev.tenantlake.ingest.snapshot.SnapshotLoader;
import dev.tenantlake.ingest.snapshot.TableCopy;
import dev.tenantlake.ingest.snapshot.TableLoader;
import dev.tenantlake.ingest.snapshot.TableWatch;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.source.SlotMetrics;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.ingest.stream.ChangeStream;
import dev.tenantlake.ingest.stream.EngineSettings;
import dev.tenantlake.ingest.stream.ProgressKeeper;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Carries a source's tables into the lake's bronze layer: the snapshot first, then what the source commits, until it is
 * stopped. Each attempt begins like the first, with a look at both sides and at the last manifest, and nothing but the
 * manifests is carried from one to the next; so what went wrong before does not matter to it.
 */
public final class Ingest {

    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** A stream that has run for so long was in order, though nothing was committed meanwhile. */
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration TO_CLOSE_STREAM = Duration.ofSeconds(3);

    private final IngestConfig config;
    private final AwsClients clients;
    private final BronzeMetrics bronzeMetrics;
    private final SlotMetrics slotMetrics;
    private final Clock clock = Clock.systemUTC();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicReference<WorkDirectory> workDirectory = new AtomicReference<>();
    private final AtomicReference<SourceSession> session = new AtomicReference<>();
    private final AtomicReference<SnapshotLoader> loader = new AtomicReference<>();
    private final AtomicReference<ChangeStream> stream = new AtomicReference<>();

    /**
     * @param clients for the lake; the caller closes them
     * @param registry gets its metrics
     */
    public Ingest(IngestConfig config, AwsClients clients, PrometheusRegistry registry) {
        this.bronzeMetrics = new BronzeMetrics(registry);
        this.slotMetrics = new SlotMetrics(registry);
        this.config = requireNonNull(config, "config");
        this.clients = requireNonNull(clients, "clients");
    }

    /**
     * Runs until it is stopped.
     *
     * @throws LakeException with the line that says why it ended, if it was not stopped
     */
    public void run() throws IOException, InterruptedException {
        try (S3Client s3 = clients.s3();
                GlueClient glue = clients.glue();
                WorkDirectory work = WorkDirectory.create(config.workDirectory())) {
            workDirectory.set(work);
            attempts(s3, glue, work);
            LOG.info("event=stopped");
        } finally {
            ended.countDown();
        }
    }

    /**
     * Stops, from another thread: what is open is given up, the next run resumes after the last epoch.
     *
     * @param atMost how long to wait for it
     * @return whether it has ended
     */
    public boolean stop(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        stopRequested.countDown();
        ChangeStream streaming = stream.get();
        if (streaming != null) {
            streaming.stop(atMost.compareTo(TO_CLOSE_STREAM) < 0 ? atMost : TO_CLOSE_STREAM);
        } else {
            Optional.ofNullable(loader.get()).ifPresent(SnapshotLoader::cancelWait);
            Optional.ofNullable(session.get()).ifPresent(SourceSession::abort);
        }
        return ended.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Removes local files in place of a run that did not end in time, and that nobody waits for any more. */
    void removeFiles() throws IOException {
        WorkDirectory work = workDirectory.get();
        if (work != null) {
            work.close();
        }
    }

    /** How often it has begun anew, the first time included. */
    int attempts() {
        return attempts.get();
    }

    /** Whether {@link #run} has ended. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void attempts(S3Client s3, GlueClient glue, WorkDirectory work) throws IOException, InterruptedException {
        Patience patience = new Patience(config.retryFor());
        String lastReason = "";
        while (!isStopped()) {
            try {
                attempt(s3, glue, work.emptyFolder(), patience);
                return;
            } catch (Exception e) {
                if (isStopped()) {
                    LOG.debug("event=stopped_amid", e);
                    return;
                }
                Optional<ChangeStream> failed = Optional.ofNullable(stream.getAndSet(null));
                boolean progressed = failed.filter(Ingest::wasHealthy).isPresent();
                Failure failure = Failure.of(e, config.postgres().address());
                LOG.debug("event=attempt_failed", e);
                bronzeMetrics.failed(failure.kind().name().toLowerCase(Locale.ROOT));
                Duration pause = patience.afterFailure(failure, progressed);
                boolean saidBefore = failure.reason().getMessage().equals(lastReason);
                lastReason = failure.reason().getMessage();
                LOG.atLevel(saidBefore && failure.kind() == Failure.Kind.HELD ? Level.DEBUG : Level.WARN)
                        .log("event=retry pause_ms={} reason=\"{}\"", pause.toMillis(), lastReason);
                stopRequested.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                bronzeMetrics.restarted();
            }
        }
    }

    /** Whether a stream that failed has been at work, so that its failure is not one more of those before it. */
    private static boolean wasHealthy(ChangeStream failed) {
        return failed.epochs() > 0 || failed.runningFor().compareTo(HEALTHY_AFTER) >= 0;
    }

    private boolean isStopped() {
        return stopRequested.getCount() == 0;
    }

    private void attempt(S3Client s3, GlueClient glue, Path folder, Patience patience) throws Exception {
        LakeLayout layout = config.lake().layout();
        EpochLog log = new EpochLog(s3, layout);
        attempts.incrementAndGet();
        patience.begin();
        try (SourceSession opened = SourceSession.open(config.postgres(), config.slot())) {
            session.set(opened);
            slotMetrics.connected();
            Preflight.Findings found = new Preflight(config, s3, log).check(opened);
            BronzeCatalog catalog = new BronzeCatalog(new Catalog(glue, layout), glue, layout);
            catalog.ensureDatabase();
            new OrphanSweep(s3, layout).sweep(found.last());
            patience.ready();
            try (EpochPublisher publisher =
                    new EpochPublisher(s3, layout, log, catalog, found.source(), bronzeMetrics, clock)) {
                found.last().ifPresent(publisher::resumeAfter);
                TableCopy copy = new TableCopy(
                        config.postgres(),
                        config.snapshotThreads(),
                        config.unrepresentable(),
                        publisher,
                        folder,
                        this::isStopped);
                EpochManifest last = found.toLoad()
                        ? snapshot(opened, found, s3, publisher, copy)
                        : found.last().orElseThrow();
                // The last run may have ended between a manifest and the catalog.
                catalog.register(last);
                try (BlockSettler settler = new BlockSettler(
                        s3, layout, log, catalog, bronzeMetrics, folder.resolve("settling"), last.epoch())) {
                    publisher.tellEach(settler::reached);
                    follow(opened, last, s3, publisher, copy, folder);
                }
            }
        } finally {
            session.set(null);
        }
    }

    private EpochManifest snapshot(
            SourceSession opened, Preflight.Findings found, S3Client s3, EpochPublisher publisher, TableCopy copy)
            throws SQLException, IOException, InterruptedException {
        LakeLayout layout = config.lake().layout();
        found.lost()
                .ifPresent(lost -> LOG.warn(
                        "event=slot_lost after_epoch={} reason=\"{}\" note=\"all tables are loaded anew; what changed"
                                + " since that epoch shows in its result, and not as single changes in bronze\"",
                        found.last().map(EpochManifest::epoch).orElse(0L),
                        lost));
        if (found.toDrop()) {
            ReplicationSlot.drop(opened.connection(), config.slot());
            LOG.info(
                    "event=slot_dropped slot={} reason=\"it is lost, or an unfinished snapshot left it\"",
                    config.slot());
        }
        SnapshotLoader loading = new SnapshotLoader(config.postgres(), config.slot(), s3, layout, publisher, copy);
        loader.set(loading);
        try {
            EpochManifest loaded = loading.load(opened, found.source(), found.fit(), found.last());
            PublishedTables.of(found.fit().tables()).write(s3, layout);
            return loaded;
        } finally {
            loader.set(null);
        }
    }

    private void follow(
            SourceSession opened,
            EpochManifest last,
            S3Client s3,
            EpochPublisher publisher,
            TableCopy copy,
            Path folder)
            throws Exception {
        ChangeStream following = new ChangeStream(
                last,
                EngineSettings.of(
                        config.postgres(),
                        config.slot(),
                        config.publication(),
                        last,
                        config.epochAge(),
                        config.unrepresentable()),
                new ChangeStream.EpochLimits(config.epochAge(), config.epochRows(), config.epochBytes()),
                publisher,
                folder);
        stream.set(following);
        if (isStopped()) {
            return;
        }
        LOG.info("event=streaming slot={} after_epoch={} lsn={}", config.slot(), last.epoch(), last.lastLsn());
        ProgressKeeper keeper = new ProgressKeeper(
                opened, config.slot(), config.progressBytes(), following::transactions, PROGRESS_INTERVAL, slotMetrics);
        TableWatch watch = new TableWatch(
                config.postgres(),
                config.publication(),
                s3,
                config.lake().layout(),
                following,
                new TableLoader(config.postgres(), config.slot(), publisher, copy));
        try {
            following.run();
        } finally {
            keeper.close();
            watch.close();
        }
        if (!isStopped()) {
            throw new IllegalStateException("the change stream ended and nobody asked it to");
        }
    }
}
