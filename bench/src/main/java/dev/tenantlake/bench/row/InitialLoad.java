package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.StagedLake;
import dev.tenantlake.bench.process.LogEvent;
import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.report.Aim;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Series;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How quickly a shop that is full comes into bronze, against the quickest way to read it at all, and against Debezium's own
 * way to load it.
 */
public final class InitialLoad implements Measurement {

    static final String AGAINST_COPY = "load-copy";
    static final String AGAINST_DEBEZIUM = "load-debezium";
    private static final String TITLE = "initial load into bronze, rows/s";
    private static final Duration LONGEST = Duration.ofMinutes(20);
    /** With so many the ingest reads. */
    private static final int CONNECTIONS = 2;
    /** It takes long, and always as long. */
    private static final int DEBEZIUM_ROUNDS = 2;

    @Override
    public List<String> rows() {
        return List.of(AGAINST_COPY, AGAINST_DEBEZIUM);
    }

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        StagedLake lake = stage.lake(stage.sizes().loadRows());
        Rounds rounds = new Rounds();
        for (int round = 1; round <= stage.sizes().rounds(); round++) {
            stage.say("initial load, round " + round);
            ours(lake, rounds);
            if (wanted.contains(AGAINST_COPY)) {
                rounds.copyOne.add(rate(stage, lake, rounds, "copy", "--connections", "1"));
                rounds.copyTwo.add(rate(stage, lake, rounds, "copy", "--connections", Integer.toString(CONNECTIONS)));
            }
            if (wanted.contains(AGAINST_DEBEZIUM) && round <= DEBEZIUM_ROUNDS) {
                debezium(stage, lake, rounds);
            }
        }
        List<RowResult> results = new ArrayList<>();
        if (wanted.contains(AGAINST_COPY)) {
            results.add(againstCopy(rounds, conditions));
        }
        if (wanted.contains(AGAINST_DEBEZIUM)) {
            results.add(againstDebezium(rounds, conditions));
        }
        return results;
    }

    /** What the rounds gave, in rows a second and seconds. */
    private static final class Rounds {
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> oursWhole = new ArrayList<>();
        private final List<Double> copyOne = new ArrayList<>();
        private final List<Double> copyTwo = new ArrayList<>();
        private final List<Double> debezium = new ArrayList<>();
        private final List<String> uses = new ArrayList<>();
        private long rows;
    }

    private static void ours(StagedLake lake, Rounds rounds) {
        lake.stopIngest();
        lake.clearBronze();
        long started = System.nanoTime();
        RunningProcess ingest = lake.startIngest();
        try (ProcessorUse use = ProcessorUse.of(lake.processes())) {
            LogEvent done = ingest.awaitEvent("snapshot_done", LONGEST);
            rounds.oursWhole.add((System.nanoTime() - started) / 1e9);
            rounds.uses.add("initial load: " + use.end());
            EpochManifest manifest = lake.epochs()
                    .read(1)
                    .orElseThrow(() -> new LakeException(
                            LakeException.Kind.CORRUPT, "the ingest says that it loaded, and epoch 1 is not there"));
            if (manifest.rows() != done.number("rows") || manifest.rows() == 0) {
                throw new LakeException(
                        LakeException.Kind.MISMATCH,
                        "the ingest says " + done.number("rows") + " rows, and epoch 1 holds " + manifest.rows());
            }
            rounds.rows = manifest.rows();
            rounds.ours.add(manifest.rows() * 1000.0 / done.number("ms"));
        }
        // The baselines have the machine to themselves.
        lake.stopIngest();
    }

    private static double rate(Stage stage, StagedLake lake, Rounds rounds, String... baseline) {
        BaselineProcess.Run run = BaselineProcess.run(stage, lake.address(), baseline);
        if (run.result().rows() != rounds.rows) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    "bronze holds " + rounds.rows + " rows, and baseline " + String.join(" ", baseline) + " read "
                            + run.result().rows());
        }
        rounds.uses.add(
                "baseline " + baseline[0] + " " + baseline[1].substring(2) + " " + baseline[2] + ": " + run.use());
        return run.result().rate();
    }

    private static void debezium(Stage stage, StagedLake lake, Rounds rounds) {
        Path folder = stage.workspace().folder("debezium-parquet");
        rounds.debezium.add(rate(
                stage,
                lake,
                rounds,
                "debezium-snapshot",
                "--threads",
                Integer.toString(CONNECTIONS),
                "--rows",
                Long.toString(rounds.rows),
                "--folder",
                folder.toString()));
        stage.workspace().remove(folder);
    }

    private static RowResult againstCopy(Rounds rounds, Conditions conditions) {
        Series ours = new Series("initial load into bronze", "rows/s", rounds.ours);
        Series one = new Series("COPY with 1 connection", "rows/s", rounds.copyOne);
        Series two = new Series("COPY with " + CONNECTIONS + " connections", "rows/s", rounds.copyTwo);
        Series quicker = one.median() >= two.median() ? one : two;
        Series ratio = ours.dividedBy(quicker, "ratio to the quicker");
        return new RowResult(
                AGAINST_COPY,
                TITLE,
                "COPY binary thrown away",
                List.of(Figure.ofRounds("", ratio, Optional.of(Aim.atLeast(0.45)))),
                List.of(ours, one, two, ratio, whole(rounds)),
                List.of(),
                how(
                        rounds,
                        "The baseline reads all tables with pgjdbc and throws the rows away, in a JVM with the same"
                                + " flags; the quicker of one connection and as many as the ingest has is what counts."),
                rounds.uses.stream().filter(use -> !use.contains("debezium")).toList(),
                conditions);
    }

    private static RowResult againstDebezium(Rounds rounds, Conditions conditions) {
        Series ours = new Series("initial load into bronze", "rows/s", rounds.ours.subList(0, rounds.debezium.size()));
        Series debezium = new Series("Debezium's snapshot → Parquet", "rows/s", rounds.debezium);
        Series ratio = ours.dividedBy(debezium, "ratio");
        return new RowResult(
                AGAINST_DEBEZIUM,
                TITLE,
                "Debezium's own snapshot → Parquet",
                List.of(Figure.ofRounds("", ratio, Optional.of(Aim.atLeast(4)))),
                List.of(ours, debezium, ratio),
                List.of(),
                how(
                        rounds,
                        "The baseline is Debezium's engine with `snapshot.mode=initial_only` and two snapshot threads,"
                                + " in a JVM with the same flags but 2 GiB of heap: in the ingest's 512 MiB it ends for"
                                + " want of memory. It writes the rows to Parquet on local disk, not"
                                + " compressed and not uploaded; its time runs from its first row, so its start is not"
                                + " counted."),
                rounds.uses.stream().filter(use -> !use.contains("copy")).toList(),
                conditions);
    }

    private static Series whole(Rounds rounds) {
        return new Series("from the start of the ingest's process to epoch 1", "s", rounds.oursWhole);
    }

    private static List<String> how(Rounds rounds, String baseline) {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%,d rows in eight tables. Each round starts the ingest as a new process on an empty bronze,"
                                + " and then the baselines on the same Postgres, with the ingest stopped.",
                        rounds.rows),
                "The lake's time is what the ingest says of its load: from the lock on the tables and the new slot"
                        + " until the manifest of epoch 1 is in S3, compressed Parquet files uploaded, and its tables are in"
                        + " Glue.",
                baseline);
    }
}
