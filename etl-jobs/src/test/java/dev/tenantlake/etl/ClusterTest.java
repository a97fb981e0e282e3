package dev.tenantlake.etl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.gold.GoldTables;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The job on a cluster of several processes makes of a bronze what it makes of it in one. */
@ExtendWith(LakeExtension.class)
class ClusterTest {

    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    private Path directory;

    @Test
    void buildsOnAClusterWhatOneProcessBuilds(TestLake lake, LocalAwsProcess localAws, TestLake reference)
            throws Exception {
        history(lake.source());
        history(reference.source());
        SilverStage silver = reference.silver();
        GoldStage gold = reference.gold(false);
        while (silver.advance()) {
            gold.advance(silver.position().orElseThrow());
        }

        Map<String, String> environment = new HashMap<>(localAws.environment("pipeline"));
        environment.put("TENANTLAKE_BUCKET", lake.layout().bucket());
        Map<String, String> settings = new HashMap<>();
        settings.put("spark.executor.memory", "700m");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.default.parallelism", "2");
        settings.put("spark.sql.shuffle.partitions", "2");
        // The executors find credentials as the driver does; on AWS both have a role.
        environment.forEach((name, value) -> {
            if (name.startsWith("AWS_")) {
                settings.put("spark.executorEnv." + name, value);
            }
        });
        List<String> elsewhere = new ArrayList<>();
        int most = 0;
        try (SparkCluster cluster = new SparkCluster(directory, 2)) {
            Process job = cluster.submit(LakeJob.class, settings, environment, "--mode", "once");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!job.waitFor(500, TimeUnit.MILLISECONDS)) {
                assertThat(System.nanoTime()).as(cluster.log("driver")).isLessThan(deadline);
                List<ProcessHandle> processes = cluster.processes();
                most = Math.max(most, processes.size());
                for (ProcessHandle process : processes) {
                    elsewhere.addAll(listensElsewhere(process));
                }
            }
            assertThat(job.exitValue()).as(cluster.log("driver")).isZero();
            assertThat(cluster.finishedTasks(1)).isPositive();
            assertThat(cluster.finishedTasks(2)).isPositive();
        }
        assertThat(most).as("master, two workers, driver and two executors").isGreaterThanOrEqualTo(6);
        assertThat(new TreeSet<>(elsewhere))
                .as("listens on another address than the loopback's")
                .isEmpty();

        assertThat(lake.position(Layer.GOLD).epoch()).isEqualTo(4);
        for (SourceTable table : SourceTable.ALL) {
            assertSame(lake, reference, SilverTables.of(table));
        }
        assertSame(lake, reference, SilverTables.QUARANTINE);
        GoldTables.ALL.forEach(table -> assertSame(lake, reference, table));
        assertThat(lake.rows(SilverTables.of(SourceTable.ORDERS))).hasSizeGreaterThan(20);
    }

    private static void history(Source source) {
        RandomHistory history = new RandomHistory(source, 42);
        history.begin();
        source.snapshot();
        for (int epoch = 2; epoch <= 3; epoch++) {
            for (int step = 0; step < 20; step++) {
                history.step();
            }
            source.cut();
        }
        source.load(SourceTable.ORDER_ITEMS);
    }

    /** Rows differ at most in the epoch with which a figure was computed, since batches may. */
    private static void assertSame(TestLake lake, TestLake reference, HudiTable table) {
        assertThat(rows(lake, table))
                .as(table.qualifiedName())
                .containsExactlyInAnyOrderElementsOf(rows(reference, table));
    }

    private static List<Map<String, Object>> rows(TestLake lake, HudiTable table) {
        List<Map<String, Object>> rows = lake.rows(table);
        if (table.layer() == Layer.GOLD) {
            rows.forEach(row -> row.remove("_epoch"));
        }
        return rows;
    }

    private static List<String> listensElsewhere(ProcessHandle process) {
        try {
            return ListeningSockets.beyondThisMachine(process.pid());
        } catch (IOException e) {
            // It has ended in the meantime.
            return List.of();
        }
    }
}
