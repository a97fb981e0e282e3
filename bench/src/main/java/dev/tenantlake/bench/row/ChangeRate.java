package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.ShopChanges;
import dev.tenantlake.bench.lake.StagedLake;
import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.report.Aim;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Series;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How many changes a second become durable in bronze when there are more than it can take, against Debezium alone and
 * against a bare reader of the protocol.
 */
public final class ChangeRate implements Measurement {

    static final String AGAINST_DEBEZIUM = "changes-debezium";
    static final String AGAINST_PGOUTPUT = "changes-pgoutput";
    private static final String TITLE = "changes/s durable in bronze";
    private static final int CHANGES_PER_TRANSACTION = 100;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MANIFESTS_AT_ONCE = 10_000;
    private static final long SEED = 17;

    @Override
    public List<String> rows() {
        return List.of(AGAINST_DEBEZIUM, AGAINST_PGOUTPUT);
    }

    /** What the rounds gave, in changes a second. */
    private static final class Rounds {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> debezium = new ArrayList<>();
        private final List<Double> pgoutput = new ArrayList<>();
        private final List<String> uses = new ArrayList<>();
        private long changes;
        private long transactions;
    }

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        StagedLake lake = stage.lake(stage.sizes().changeRows());
        lake.stopJobs();
        lake.ensureBronze();
        Rounds rounds = new Rounds();
        try (ShopChanges shop = new ShopChanges(lake.address().connect(), SEED)) {
            for (int round = 1; round <= stage.sizes().rounds(); round++) {
                stage.say("changes, round " + round);
                round(wanted, stage, lake, shop, rounds);
            }
        }
        lake.startIngest();
        List<RowResult> results = new ArrayList<>();
        if (wanted.contains(AGAINST_DEBEZIUM)) {
            results.add(result(
                    AGAINST_DEBEZIUM,
                    "Debezium with its events thrown away",
                    new Series("Debezium, thrown away", "changes/s", rounds.debezium),
                    Optional.of(Aim.atLeast(0.8)),
                    "The baseline is Debezium's engine with the ingest's queues and intervals and with transaction"
                            + " metadata, in a JVM with the same flags, on a slot of its own that begins before the same"
                            + " changes.",
                    rounds,
                    conditions));
        }
        if (wanted.contains(AGAINST_PGOUTPUT)) {
            results.add(result(
                    AGAINST_PGOUTPUT,
                    "a bare reader of pgoutput",
                    new Series("pgoutput, thrown away", "changes/s", rounds.pgoutput),
                    Optional.empty(),
                    "`pg_recvlogical` is not among the programs of the embedded Postgres. In its place, pgjdbc's"
                            + " replication stream is read and each message thrown away, on a slot of its own that begins"
                            + " before the same changes.",
                    rounds,
                    conditions));
        }
        return results;
    }

    private void round(Set<String> wanted, Stage stage, StagedLake lake, ShopChanges shop, Rounds rounds) {
        lake.stopIngest();
        String debezium = "bench_debezium";
        String pgoutput = "bench_pgoutput";
        lake.makeSlot(debezium);
        lake.makeSlot(pgoutput);
        long changes = 0;
        long transactions = 0;
        while (changes < stage.sizes().changes()) {
            changes += shop.commit(CHANGES_PER_TRANSACTION);
            transactions++;
        }
        rounds.changes = changes;
        rounds.transactions = transactions;
        ours(lake, changes, rounds);
        if (wanted.contains(AGAINST_DEBEZIUM)) {
            BaselineProcess.Run run = BaselineProcess.run(
                    stage, lake.address(), "debezium-stream", "--slot", debezium, "--changes", Long.toString(changes));
            rounds.debezium.add(run.result().rate());
            rounds.uses.add("Debezium, thrown away: " + run.use());
        }
        if (wanted.contains(AGAINST_PGOUTPUT)) {
            BaselineProcess.Run run = BaselineProcess.run(
                    stage, lake.address(), "pgoutput", "--slot", pgoutput, "--changes", Long.toString(changes));
            rounds.pgoutput.add(run.result().rate());
            rounds.uses.add("pgoutput, thrown away: " + run.use());
        }
        lake.dropSlot(debezium);
        lake.dropSlot(pgoutput);
    }

    /** From the first manifest, which is about a second after the first change, to the last. */
    private static void ours(StagedLake lake, long changes, Rounds rounds) {
        long before = lake.epochs().latestEpoch();
        RunningProcess ingest = lake.startIngest();
        List<EpochManifest> epochs = new ArrayList<>();
        try (ProcessorUse use = ProcessorUse.of(lake.processes())) {
            ingest.await("made all changes durable", LONGEST, () -> {
                long last = epochs.isEmpty()
                        ? before
                        : epochs.get(epochs.size() - 1).epoch();
                epochs.addAll(lake.epochs().after(last, MANIFESTS_AT_ONCE));
                return rows(epochs) < changes ? Optional.empty() : Optional.of(epochs);
            });
            rounds.uses.add("durable in bronze: " + use.end());
        }
        lake.stopIngest();
        if (rows(epochs) != changes) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    changes + " changes were made, and bronze holds " + rows(epochs) + " of them");
        }
        EpochManifest first = epochs.get(0);
        EpochManifest last = epochs.get(epochs.size() - 1);
        double seconds = Duration.between(first.writtenAt(), last.writtenAt()).toNanos() / 1e9;
        if (epochs.size() < 2 || seconds <= 0) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    changes + " changes came into bronze in one epoch: too few to take the time of");
        }
        rounds.ours.add((changes - first.rows()) / seconds);
    }

    private static long rows(List<EpochManifest> epochs) {
        return epochs.stream().mapToLong(EpochManifest::rows).sum();
    }

    private static RowResult result(
            String name,
            String against,
            Series baseline,
            Optional<Aim> aim,
            String how,
            Rounds rounds,
            Conditions conditions) {
        Series ours = new Series("durable in bronze", "changes/s", rounds.ours);
        Series ratio = ours.dividedBy(baseline, "ratio");
        return new RowResult(
                name,
                TITLE,
                against,
                List.of(Figure.ofRounds("", ratio, aim)),
                List.of(ours, baseline, ratio),
                List.of(),
                List.of(
                        String.format(
                                Locale.ROOT,
                                "Each round commits %,d changes in %,d transactions while nobody reads, and then has"
                                        + " the ingest read them, and after it the baseline; each as a new process.",
                                rounds.changes,
                                rounds.transactions),
                        "The lake's rate is that of the epochs after the first: from its manifest, about a second"
                                + " after the first change, to the last one's. The baseline's time leaves out a second,"
                                + " too.",
                        how),
                rounds.uses.stream()
                        .filter(use -> use.startsWith("durable")
                                || use.startsWith(baseline.name().substring(0, 8)))
                        .toList(),
                conditions);
    }
}
