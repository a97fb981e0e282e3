package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.gold.GoldTables;
import dev.tenantlake.etl.hudi.HudiMaintenance;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tables' past within bounds, one table at a time and each as often as the others: all of them one right after
 * the other would have commits wait for a processor for seconds. What fails is tried again the next time, and stops nothing.
 */
final class Maintenance {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private final HudiMaintenance maintenance;
    private final LayerPositions positions;
    private final JobMetrics metrics;
    private final List<HudiTable> tables;

    private int next;

    Maintenance(HudiMaintenance maintenance, LayerPositions positions, JobOptions.Stage stage, JobMetrics metrics) {
        this.maintenance = requireNonNull(maintenance, "maintenance");
        this.positions = requireNonNull(positions, "positions");
        this.metrics = requireNonNull(metrics, "metrics");
        this.tables = tables(stage);
    }

    /** How long to wait from one table to the next, for each to be looked at so often. */
    Duration pause(Duration every) {
        return every.dividedBy(tables.size());
    }

    /** Looks at the next table; after the last comes the first. */
    void turn() {
        HudiTable table = tables.get(next);
        next = (next + 1) % tables.size();
        maintain(table);
    }

    private void maintain(HudiTable table) {
        long started = System.nanoTime();
        try {
            HudiMaintenance.Result done = maintenance.maintain(table, needed(table));
            if (done.files() + done.instants() > 0) {
                metrics.maintained(table, done);
                LOG.info(
                        "event=table_maintained table={} files_deleted={} instants_archived={} millis={}",
                        table.qualifiedName(),
                        done.files(),
                        done.instants(),
                        (System.nanoTime() - started) / 1_000_000);
            }
        } catch (RuntimeException e) {
            metrics.maintenanceFailed(table);
            LOG.debug("event=maintenance_failed table={}", table.qualifiedName(), e);
            LOG.warn(
                    "event=maintenance_failed table={} reason=\"{}\"", table.qualifiedName(), ServiceTrouble.reason(e));
        }
    }

    /** The tables of the layers that this job writes: another may write the others. */
    private static List<HudiTable> tables(JobOptions.Stage stage) {
        List<HudiTable> tables = new ArrayList<>();
        if (stage.silver()) {
            SourceTable.ALL.forEach(table -> tables.add(SilverTables.of(table)));
            tables.addAll(SilverTables.KEPT_BESIDE);
        }
        if (stage.gold()) {
            tables.addAll(GoldTables.ALL);
        }
        return List.copyOf(tables);
    }

    /** Gold is computed of silver as it was at gold's own epoch, too, and at that of the tables that trail. */
    private long needed(HudiTable table) {
        return table.layer() == Layer.SILVER
                ? positions.read(Layer.GOLD).map(LayerPosition::epochOfAll).orElse(Long.MAX_VALUE)
                : Long.MAX_VALUE;
    }
}
