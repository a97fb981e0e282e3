package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiFiles.Range;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.LayerPositions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings gold to the epoch that silver holds: one commit per table, then Glue, then the layer's position. */
public final class GoldStage {

    private static final Logger LOG = LoggerFactory.getLogger(GoldStage.class);

    /** How many manifests are read at a time to learn what stands in the way of a stopped table. */
    private static final int EPOCHS_AT_A_TIME = 500;

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
    private final DataQuality quality;

    /** By table name, the epoch of its last change. */
    private final Map<String, Long> changed = new HashMap<>();
    /** By table name, those that something stands in the way of. */
    private final Map<String, StoppedTable> stopped = new HashMap<>();

    private final GoldObstacles obstacles;

    private boolean claimed;
    private boolean rebuild;
    private long epoch;
    private Optional<LayerPosition> position = Optional.empty();
    private Map<Long, String> zones = Map.of();
    /** The commit of the tenants that these zones are of. */
    private Optional<HudiCommit> zonesOf = Optional.empty();

    /**
     * The stage; {@link #recover()} is called before anything else.
     *
     * @param rules say how many rows of a silver table have to be valid
     * @param countEvery how long a count of the rows stands at most while silver goes on
     * @param rebuild whether everything is computed anew once, whatever gold holds
     */
    public GoldStage(
            HudiLake lake,
            RuleBook rules,
            EpochFeed epochs,
            LayerPositions positions,
            WriterClaim claim,
            HudiCatalog catalog,
            TablePool pool,
            Clock clock,
            Duration countEvery,
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
        this.obstacles = new GoldObstacles(rules);
        this.quality = new DataQuality(lake, catalog, clock, countEvery);
    }

    /** Learns from the tables themselves what they hold; called at the start and after a failure. */
    public void recover() {
        if (!claimed) {
            claim.take();
            claimed = true;
        }
        lake.claimed(Layer.GOLD, claim::check);
        catalog.ensureDatabase(Layer.GOLD);
        position = positions.read(Layer.GOLD);
        long written = position.map(LayerPosition::epoch).orElse(0L);
        stopped.clear();
        position.ifPresent(reached -> stopped.putAll(reached.stopped()));
        for (HudiTable table : GoldTables.FIGURES) {
            long committed = timeline.latest(table).map(HudiCommit::epoch).orElse(0L);
            changed.put(table.name(), committed);
            if (committed > written) {
                // A death after this commit may have come before Glue was told of its partitions.
                catalog.register(table, files.partitionsBelow(table, ""));
            } else if (committed > 0) {
                catalog.register(table, List.of());
            }
        }
        quality.recover();
        // What a table holds beyond this is computed once more, and comes out the same.
        epoch = Math.max(
                written,
                changed.entrySet().stream()
                        .filter(table -> !stopped.containsKey(table.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .min()
                        .orElse(0));
        obstacles.clear();
        long at = stopped.values().stream().mapToLong(StoppedTable::epoch).min().orElse(epoch);
        for (; at < epoch; at += EPOCHS_AT_A_TIME) {
            obstacles.add(epochs.between(at, Math.min(at + EPOCHS_AT_A_TIME, epoch)));
        }
        LOG.info("event=gold_recovered epoch={} stopped={}", epoch, stopped.size());
    }

    /** How far gold is, or empty if it holds no epoch. */
    public Optional<LayerPosition> position() {
        return position;
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
        List<EpochManifest> taken = epochs.between(epoch, silver.epoch());
        obstacles.add(taken);
        Map<String, StoppedTable> blocked = blocked(silver);
        if (silver.epoch() == epoch && !rebuild && blocked.equals(stopped)) {
            if (quality.isDue(silver)) {
                claim.check();
                quality.count(silver);
            }
            return false;
        }
        claim.check();
        long started = System.nanoTime();
        SilverSnapshot snapshot = new SilverSnapshot(lake, silver.epoch());
        Map<Long, String> zones = zones(snapshot);
        // A table that was stopped has missed epochs, and is computed anew.
        List<HudiTable> anew = GoldTables.FIGURES.stream()
                .filter(table -> !blocked.containsKey(table.name()))
                .filter(table -> rebuild || changed.get(table.name()) == 0 || stopped.containsKey(table.name()))
                .toList();
        List<HudiTable> following = GoldTables.FIGURES.stream()
                .filter(table -> !blocked.containsKey(table.name()) && !anew.contains(table))
                .toList();
        TenantDays wanted = following.isEmpty() ? TenantDays.EVERYTHING : touched.of(epoch, taken, snapshot, zones);
        long rows = compute(silver.epoch(), snapshot, zones, wanted, following)
                + compute(silver.epoch(), snapshot, zones, TenantDays.EVERYTHING, anew);
        say(blocked);
        if (quality.isPressing(silver)) {
            quality.count(silver);
        }
        Map<String, Long> tables = new HashMap<>(changed);
        tables.put(GoldTables.DATA_QUALITY.name(), quality.epoch());
        LayerPosition reached = new LayerPosition(
                Layer.GOLD,
                silver.epoch(),
                silver.lsn(),
                taken.isEmpty() ? silver.firstCommittedAt() : taken.get(0).firstCommittedAt(),
                silver.sourceCommittedAt(),
                clock.instant(),
                tables,
                stopped);
        positions.write(reached);
        position = Optional.of(reached);
        LOG.info(
                "event=gold_committed epochs={}..{} scope=\"{}\" rows={} stopped={} millis={}",
                epoch + 1,
                silver.epoch(),
                wanted,
                rows,
                stopped.size(),
                (System.nanoTime() - started) / 1_000_000);
        epoch = silver.epoch();
        rebuild = false;
        // For this one nobody waits.
        if (quality.isDue(silver)) {
            quality.count(silver);
        }
        return true;
    }

    /** By tenant, the name of its time zone; read again when the tenants have changed. */
    private Map<Long, String> zones(SilverSnapshot snapshot) {
        Optional<HudiCommit> commit = snapshot.commit(TENANTS);
        if (!commit.equals(zonesOf)) {
            zones = snapshot.timeZones();
            zonesOf = commit;
        }
        return zones;
    }

    /** Which tables something stands in the way of, with the epoch that they hold. */
    private Map<String, StoppedTable> blocked(LayerPosition silver) {
        Map<String, StoppedTable> blocked = new HashMap<>();
        for (HudiTable table : GoldTables.FIGURES) {
            Optional<StoppedTable> before = Optional.ofNullable(stopped.get(table.name()));
            obstacles
                    .of(table, silver)
                    .ifPresent(obstacle -> blocked.put(
                            table.name(),
                            new StoppedTable(
                                    before.map(StoppedTable::epoch).orElse(changed.get(table.name()) == 0 ? 0 : epoch),
                                    obstacle.reason(),
                                    obstacle.remedy(),
                                    before.map(StoppedTable::since).orElseGet(clock::instant))));
        }
        return blocked;
    }

    private void say(Map<String, StoppedTable> blocked) {
        blocked.forEach((table, obstacle) -> {
            if (stopped.get(table) == null) {
                LOG.warn(
                        "event=table_stopped table=gold.{} holds={} reason=\"{}\"",
                        table,
                        obstacle.epoch(),
                        obstacle.reason());
            }
        });
        stopped.keySet().stream()
                .filter(table -> !blocked.containsKey(table))
                .forEach(table -> LOG.info("event=table_follows_again table=gold.{}", table));
        stopped.clear();
        stopped.putAll(blocked);
    }

    private long compute(
            long target, SilverSnapshot silver, Map<Long, String> zones, TenantDays wanted, List<HudiTable> tables) {
        if (wanted.isEmpty() || tables.isEmpty()) {
            return 0;
        }
        Dataset<Row> orders = DatedOrders.of(silver, wanted, zones).persist();
        try {
            List<HudiCommit> commits = pool.onEach(tables, table -> {
                Dataset<Row> rows = table.equals(GoldTables.REVENUE_DAILY)
                        ? RevenueDaily.of(orders)
                        : ProductDaily.of(orders, items(silver, wanted, orders));
                HudiCommit commit = writer.replace(table, wanted, rows, target);
                catalog.register(table, commit.partitionPaths());
                return commit;
            });
            tables.forEach(table -> changed.put(table.name(), target));
            return commits.stream().mapToLong(HudiCommit::rows).sum();
        } finally {
            orders.unpersist();
        }
    }

    /**
     * At least all items of some orders. An item may have been added in any month, so all of the tenant's months are
     * asked; but a file's footer says which orders it has items of at most, and most are then not read.
     */
    private static Dataset<Row> items(SilverSnapshot silver, TenantDays wanted, Dataset<Row> orders) {
        if (wanted.everything()) {
            return silver.all(ORDER_ITEMS);
        }
        Row range = orders.agg(min("id"), max("id")).head();
        if (range.anyNull()) {
            return silver.ofTenants(ORDER_ITEMS, List.of());
        }
        return silver.ofTenants(
                ORDER_ITEMS, wanted.tenants(), new Range("order_id", range.getLong(0), range.getLong(1)));
    }
}
