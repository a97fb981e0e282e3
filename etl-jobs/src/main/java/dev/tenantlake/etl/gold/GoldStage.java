package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import dev.tenantlake.etl.TablePool;
import dev.tenantlake.etl.WriterClaim;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings gold to the epoch that silver holds: one commit per table, then Glue, then the layer's position. */
public final class GoldStage {

    private static final Logger LOG = LoggerFactory.getLogger(GoldStage.class);

    private final HudiLake lake;
    private final EpochFeed epochs;
    private final LayerPositions positions;
    private final WriterClaim claim;
    private final HudiCatalog catalog;
    private final TablePool pool;
    private final Clock clock;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final TouchedDays touched;
    private final GoldWriter writer;

    /** By table name, the epoch of its last change. */
    private final Map<String, Long> changed = new HashMap<>();

    private boolean claimed;
    private boolean rebuild;
    private long epoch;

    /**
     * The stage; {@link #recover()} is called before anything else.
     *
     * @param rebuild whether everything is computed anew once, whatever gold holds
     */
    public GoldStage(
            HudiLake lake,
            EpochFeed epochs,
            LayerPositions positions,
            WriterClaim claim,
            HudiCatalog catalog,
            TablePool pool,
            Clock clock,
            boolean rebuild) {
        this.lake = requireNonNull(lake, "lake");
        this.epochs = requireNonNull(epochs, "epochs");
        this.positions = requireNonNull(positions, "positions");
        this.claim = requireNonNull(claim, "claim");
        this.catalog = requireNonNull(catalog, "catalog");
        this.pool = requireNonNull(pool, "pool");
        this.clock = requireNonNull(clock, "clock");
        this.rebuild = rebuild;
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.touched = new TouchedDays(lake);
        this.writer = new GoldWriter(lake);
    }

    /** Learns from the tables themselves what they hold; called at the start and after a failure. */
    public void recover() {
        if (!claimed) {
            claim.take();
            claimed = true;
        }
        catalog.ensureDatabase(Layer.GOLD);
        long written = positions.read(Layer.GOLD).map(LayerPosition::epoch).orElse(0L);
        for (HudiTable table : GoldTables.ALL) {
            long committed = timeline.latest(table).map(HudiCommit::epoch).orElse(0L);
            changed.put(table.name(), committed);
            if (committed > written) {
                // A death after this commit may have come before Glue was told of its partitions.
                catalog.register(table, files.partitionsBelow(table, ""));
            } else if (committed > 0) {
                catalog.register(table, List.of());
            }
        }
        // What a table holds beyond this is computed once more, and comes out the same.
        epoch = Math.max(
                written,
                changed.values().stream().mapToLong(Long::longValue).min().orElse(0));
        LOG.info("event=gold_recovered epoch={}", epoch);
    }

    /**
     * Brings gold to an epoch that silver holds, if it is not there.
     *
     * @return whether there was something to do
     */
    public boolean advance(LayerPosition silver) {
        if (silver.epoch() < epoch) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "gold holds epoch " + epoch + " and silver only " + silver.epoch()
                            + ": they are not of one lake; clear gold, it is built anew from silver");
        }
        if (silver.epoch() == epoch && !rebuild) {
            return false;
        }
        claim.check();
        long started = System.nanoTime();
        SilverSnapshot snapshot = new SilverSnapshot(lake, silver.epoch());
        Map<Long, String> zones = snapshot.timeZones();
        TenantDays wanted = rebuild || changed.containsValue(0L)
                ? TenantDays.EVERYTHING
                : touched.of(epoch, epochs.between(epoch, silver.epoch()), snapshot, zones);
        long rows = wanted.isEmpty() ? 0 : compute(silver.epoch(), snapshot, zones, wanted);
        positions.write(new LayerPosition(
                Layer.GOLD, silver.epoch(), silver.lsn(), silver.sourceCommittedAt(), clock.instant(), changed));
        LOG.info(
                "event=gold_committed epochs={}..{} scope=\"{}\" rows={} millis={}",
                epoch + 1,
                silver.epoch(),
                wanted,
                rows,
                (System.nanoTime() - started) / 1_000_000);
        epoch = silver.epoch();
        rebuild = false;
        return true;
    }

    private long compute(long target, SilverSnapshot silver, Map<Long, String> zones, TenantDays wanted) {
        Dataset<Row> orders = DatedOrders.of(silver, wanted, zones).persist();
        try {
            List<HudiCommit> commits = pool.onEach(GoldTables.ALL, table -> {
                Dataset<Row> rows = table.equals(GoldTables.REVENUE_DAILY)
                        ? RevenueDaily.of(orders)
                        : ProductDaily.of(orders, items(silver, wanted, orders));
                HudiCommit commit = writer.replace(table, wanted, rows, target);
                catalog.register(table, commit.partitionPaths());
                return commit;
            });
            GoldTables.ALL.forEach(table -> changed.put(table.name(), target));
            return commits.stream().mapToLong(HudiCommit::rows).sum();
        } finally {
            orders.unpersist();
        }
    }

    /**
     * At least all items of some orders. An item may have been added in any month, so all of the tenant's months are
     * asked; but a Parquet file says which orders it has items of at most, and most are then not read.
     */
    private static Dataset<Row> items(SilverSnapshot silver, TenantDays wanted, Dataset<Row> orders) {
        if (wanted.everything()) {
            return silver.all(ORDER_ITEMS);
        }
        Row range = orders.agg(min("id"), max("id")).head();
        Dataset<Row> items = silver.ofTenants(ORDER_ITEMS, wanted.tenants());
        return range.anyNull()
                ? items.where(lit(false))
                : items.where(col("order_id").between(range.getLong(0), range.getLong(1)));
    }
}
