package dev.tenantlake.bench.row;

import dev.tenantlake.bench.baseline.BaselineResult;
import dev.tenantlake.bench.lake.StagedLake;
import dev.tenantlake.bench.process.LogEvent;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.report.Aim;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Series;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How quickly bronze's first epoch comes into silver, against Spark writing the same rows as plain Parquet. */
public final class SilverLoad implements Measurement {

    static final String ROW = "silver-load";

    @Override
    public List<String> rows() {
        return List.of(ROW);
    }

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        StagedLake lake = stage.lake(stage.sizes().loadRows());
        EpochManifest snapshot = lake.ensureBronze();
        lake.stopIngest();
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<String> uses = new ArrayList<>();
        int rounds = stage.sizes().rounds();
        for (int round = 1; round <= rounds; round++) {
            stage.say("silver load, round " + round);
            lake.clearLayers();
            StagedLake.Run silver = lake.runSilverOnce();
            ours.add(snapshot.rows() / seconds(silver.process(), snapshot));
            uses.add("silver load, its start included: " + silver.use());
            StagedLake.Run spark = lake.runPlainSparkWrite();
            BaselineResult result = BaselineResult.read(spark.process().output(), "the plain write");
            if (result.rows() != snapshot.rows()) {
                throw new LakeException(
                        LakeException.Kind.MISMATCH,
                        "bronze holds " + snapshot.rows() + " rows, and the plain write says " + result.rows());
            }
            plain.add(result.rate());
            uses.add("plain write, its start included: " + spark.use());
        }
        lake.clearLayers();
        lake.clearPlain();
        Series silver = new Series("silver's first load", "rows/s", ours);
        Series spark = new Series("plain Spark Parquet write", "rows/s", plain);
        Series ratio = silver.dividedBy(spark, "ratio");
        return List.of(new RowResult(
                ROW,
                "silver initial load, rows/s",
                "plain Spark Parquet write of the same rows",
                List.of(Figure.ofRounds("", ratio, Optional.of(Aim.atLeast(0.6)))),
                List.of(silver, spark, ratio),
                List.of(),
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%,d rows in eight tables, out of bronze. Each round runs the job with `--mode once"
                                        + " --stage silver` on an empty silver, and then a Spark application that writes"
                                        + " the same rows' columns as Parquet, zstd, not partitioned, to the same S3; each"
                                        + " in a new process with the flags and properties of `etl-jobs/conf`, four tables"
                                        + " at a time.",
                                snapshot.rows()),
                        "Both times begin when the session is there and end when all is written; both JVMs are cold."
                                + " Silver's is what the job says of its commit: rules, partitions, Hudi's own columns and"
                                + " commits, and Glue are in it."),
                uses,
                conditions));
    }

    private static double seconds(RunningProcess job, EpochManifest snapshot) {
        List<LogEvent> commits = job.log().events("silver_committed");
        if (commits.size() != 1 || commits.get(0).number("rows") != snapshot.rows()) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    "the job was to load " + snapshot.rows() + " rows in one commit, and says "
                            + commits.stream().map(LogEvent::fields).toList());
        }
        return commits.get(0).number("millis") / 1000.0;
    }
}
