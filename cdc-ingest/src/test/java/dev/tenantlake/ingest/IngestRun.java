package dev.tenantlake.ingest;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** cdc-ingest at work in a thread of this process. */
final class IngestRun implements AutoCloseable {

    private static final Duration TO_STOP = Duration.ofSeconds(15);

    private final TestLake lake;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Ingest ingest;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private IngestRun(TestLake lake, IngestConfig config) {
        this.lake = lake;
        this.ingest = new Ingest(config, lake.clients(config), registry);
    }

    /** Starts it. */
    static IngestRun start(TestLake lake, IngestConfig config) {
        IngestRun run = new IngestRun(lake, config);
        new Thread(run::run, "ingest").start();
        return run;
    }

    static IngestRun start(TestLake lake) {
        return start(lake, lake.config());
    }

    private void run() {
        try {
            ingest.run();
            end.complete(null);
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    /** Waits until the lake holds what is committed now, and gives the last manifest. */
    EpochManifest caughtUp() {
        return holds(lake.barrier());
    }

    /** Waits until the lake holds a position. */
    EpochManifest holds(Lsn lsn) {
        Await.until("the lake holds " + lsn, () -> {
            failIfEnded();
            return lake.log()
                    .latest()
                    .filter(last -> last.lastLsn().compareTo(lsn) >= 0)
                    .isPresent();
        });
        return lake.log().latest().orElseThrow();
    }

    /** Waits until the lake holds an epoch of that number. */
    void reaches(long epoch) {
        Await.until("epoch " + epoch, () -> {
            failIfEnded();
            return lake.log().latestEpoch() >= epoch;
        });
    }

    /** Waits until the lake carries a table. */
    void carries(String table) {
        Await.until("the lake carries " + table, () -> {
            failIfEnded();
            return lake.log()
                    .latest()
                    .filter(last -> last.loaded().contains(table))
                    .isPresent();
        });
    }

    /** Waits until the lake carries a table no more. */
    void carriesNo(String table) {
        Await.until("the lake carries no " + table, () -> {
            failIfEnded();
            return lake.log()
                    .latest()
                    .filter(last -> !last.loaded().contains(table))
                    .isPresent();
        });
    }

    /** Waits until the lake holds so many loads. */
    void holdsLoads(int count) {
        Await.until(count + " loads", () -> {
            failIfEnded();
            return lake.epochs().stream()
                            .filter(epoch -> epoch.kind() == EpochManifest.Kind.LOAD)
                            .count()
                    >= count;
        });
    }

    /** Waits until the first epoch is there. */
    EpochManifest loaded() {
        Await.until("the snapshot", () -> {
            failIfEnded();
            return lake.log().latestEpoch() > 0;
        });
        return lake.log().read(1).orElseThrow();
    }

    private void failIfEnded() {
        if (end.isDone()) {
            end.join();
            throw new AssertionError("it was stopped");
        }
    }

    /** Waits until it has failed, and gives the reason. */
    LakeException refusal() {
        Await.until("the refusal", end::isDone);
        try {
            end.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LakeException reason) {
                return reason;
            }
            throw e;
        }
        throw new AssertionError("it ended without one");
    }

    /** Its metrics. */
    PrometheusRegistry registry() {
        return registry;
    }

    /** How often it began anew. */
    int attempts() {
        return ingest.attempts();
    }

    /** Stops it, unless it has ended. */
    @Override
    public void close() {
        try {
            if (!ingest.stop(TO_STOP)) {
                throw new AssertionError("it did not stop within " + TO_STOP.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
