package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.ShopChanges;
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
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What a commit of the same changes costs as the lake grows. */
public final class CommitCost implements Measurement {

    static final String ROW = "commit-cost";
    private static final int CHANGES = 1000;
    private static final Duration TO_LOAD = Duration.ofMinutes(20);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long SEED = 23;

    @Override
    public List<String> rows() {
        return List.of(ROW);
    }

    /** What was seen in the lake of one size. */
    private record Size(
            long rows, List<Double> silver, List<Double> files, List<Double> gold, List<Double> whole, String use) {}

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        List<Long> sizes = stage.sizes().lakeRows();
        // One that is there already comes first, and the smallest last, since it stays for whoever comes next.
        List<Long> order = new ArrayList<>(sizes.subList(1, sizes.size()));
        order.add(sizes.get(0));
        List<Size> measured = new ArrayList<>();
        for (long rows : order) {
            measured.add(0, measure(stage, rows));
        }
        measured.sort((one, other) -> Long.compare(one.rows(), other.rows()));
        return List.of(result(measured, conditions));
    }

    private static Size measure(Stage stage, long rows) {
        StagedLake lake = stage.lake(rows);
        EpochManifest snapshot = lake.ensureBronze();
        lake.ensureIngest();
        stage.say(String.format(Locale.ROOT, "silver and gold of %,d rows", snapshot.rows()));
        RunningProcess jobs = lake.startContinuousJobs();
        awaitGold(lake, jobs, snapshot.epoch(), TO_LOAD, LayerPosition::epochOfAll);
        Size size = new Size(
                snapshot.rows(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), "");
        try (ShopChanges shop = new ShopChanges(lake.address().connect(), SEED)) {
            stage.say("commits");
            for (int i = 0; i < stage.sizes().warmUpCommits(); i++) {
                commit(lake, jobs, shop);
            }
            try (ProcessorUse use = ProcessorUse.of(lake.processes())) {
                for (int i = 0; i < stage.sizes().commits(); i++) {
                    Commit commit = commit(lake, jobs, shop);
                    size.silver().add(commit.silver());
                    size.files().add(commit.files());
                    size.gold().add(commit.gold());
                    size.whole().add(commit.whole());
                }
                String line = String.format(Locale.ROOT, "%,d rows: %s", snapshot.rows(), use.end());
                size = new Size(size.rows(), size.silver(), size.files(), size.gold(), size.whole(), line);
            }
        }
        lake.stopJobs();
        return size;
    }

    /**
     * Seconds of one commit.
     *
     * @param silver of all silver tables
     * @param files how many files of silver it wrote
     * @param gold of all gold tables after it
     * @param whole from the commit in Postgres until gold holds it
     */
    private record Commit(double silver, double files, double gold, double whole) {}

    private static Commit commit(StagedLake lake, RunningProcess jobs, ShopChanges shop) {
        long before = lake.epochs().latestEpoch();
        int touched = shop.touchTenant();
        int changes = touched + shop.commit(CHANGES);
        long started = System.nanoTime();
        EpochManifest epoch = jobs.await(
                "a new epoch to work on", LONGEST, () -> lake.epochs().read(before + 1));
        if (epoch.rows() != changes) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    changes + " changes were committed at once, and epoch " + epoch.epoch() + " holds " + epoch.rows());
        }
        awaitGold(lake, jobs, epoch.epoch(), LONGEST, LayerPosition::epoch);
        double whole = (System.nanoTime() - started) / 1e9;
        // What trails comes after that, and the next commit is to find nothing else going on.
        awaitGold(lake, jobs, epoch.epoch(), LONGEST, LayerPosition::epochOfAll);
        LogEvent silver = commit(jobs, "silver_committed", epoch.epoch());
        return new Commit(
                seconds(silver), silver.number("files"), seconds(commit(jobs, "gold_committed", epoch.epoch())), whole);
    }

    /** What the jobs say of the commit that took in one epoch and no other. */
    private static LogEvent commit(RunningProcess jobs, String event, long epoch) {
        LogEvent commit =
                jobs.awaitEvent(event, logged -> logged.text("epochs").endsWith(".." + epoch), Duration.ofSeconds(10));
        if (!commit.text("epochs").equals(epoch + ".." + epoch)) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    "epoch " + epoch + " was committed together with others: " + commit.text("epochs"));
        }
        return commit;
    }

    private static double seconds(LogEvent commit) {
        return commit.number("millis") / 1000.0;
    }

    private static void awaitGold(
            StagedLake lake, RunningProcess jobs, long epoch, Duration atMost, ToLongFunction<LayerPosition> held) {
        jobs.await(
                "built gold of epoch " + epoch,
                atMost,
                () -> lake.positions().read(Layer.GOLD).filter(reached -> held.applyAsLong(reached) >= epoch));
    }

    private static RowResult result(List<Size> sizes, Conditions conditions) {
        List<Series> series = new ArrayList<>();
        for (Size size : sizes) {
            String rows = String.format(Locale.ROOT, "%,d rows", size.rows());
            series.add(new Series("silver commit, " + rows, "s", size.silver()));
            series.add(new Series("files that it wrote, " + rows, "", size.files()));
            series.add(new Series("gold commit after it, " + rows, "s", size.gold()));
            series.add(new Series("from Postgres to gold, " + rows, "s", size.whole()));
        }
        Size smallest = sizes.get(0);
        Size largest = sizes.get(sizes.size() - 1);
        double ratio = new Series("", "s", largest.silver()).median() / new Series("", "s", smallest.silver()).median();
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("largest to smallest", ratio, "", Optional.of(Aim.atMost(1.5, ""))));
        for (Size size : sizes) {
            figures.add(Figure.ofRounds(
                    String.format(Locale.ROOT, "%,d rows:", size.rows()),
                    new Series("", "s", size.silver()),
                    Optional.empty()));
        }
        return new RowResult(
                ROW,
                "one silver commit of 1,000 mixed changes over all tables",
                "itself in a smaller lake",
                figures,
                series,
                List.of(),
                List.of(
                        "The jobs run as `up` runs them, in one long-lived session that was warmed up by commits of"
                                + " the same kind. The shop has as many tenants in each size; only their rows are more.",
                        "Each commit is one transaction of about 1,000 changes as the shop's traffic makes them:"
                                + " inserts, updates nine in ten of rows among a table's newest 10,000 ids and the others"
                                + " of any, deletes; over all eight tables and most tenants. Seconds are what the jobs say of the commit of that one"
                                + " epoch."),
                sizes.stream().map(Size::use).toList(),
                conditions);
    }
}
