package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
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
import java.util.stream.Collectors;
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
        this.writer = new GoldWriter(lake);
        this.obstacles = new GoldObstacles(rules, GoldTables.FIGURES);
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
        for (GoldSubject<?> subject : GoldTables.FIGURES) {
            HudiTable table = subject.table();
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
        List<GoldSubject<?>> open = GoldTables.FIGURES.stream()
                .filter(subject -> !blocked.containsKey(subject.table().name()))
                .toList();
        List<Advance> advances;
        try (GoldRound round = new GoldRound(lake, epoch, taken, snapshot, zones(snapshot), GoldTables.FIGURES)) {
            advances = pool.onEach(open, subject -> advance(subject, round, silver.epoch())).stream()
                    .flatMap(Optional::stream)
                    .toList();
        }
        advances.forEach(advance -> changed.put(advance.table(), silver.epoch()));
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
                advances.stream().map(Advance::scope).collect(Collectors.joining("; ")),
                advances.stream().mapToLong(Advance::rows).sum(),
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
        for (GoldSubject<?> subject : GoldTables.FIGURES) {
            HudiTable table = subject.table();
            Optional<StoppedTable> before = Optional.ofNullable(stopped.get(table.name()));
            obstacles
                    .of(subject, silver)
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

    /**
     * What a round did to a table.
     *
     * @param scope the parts that were computed anew, for people
     * @param rows how many rows that changed
     */
    private record Advance(String table, String scope, long rows) {}

    /**
     * Brings one table to the end of a round; one that was stopped has missed epochs, and is computed anew.
     *
     * @return empty if the round touches nothing of it
     */
    private <P extends GoldParts> Optional<Advance> advance(GoldSubject<P> subject, GoldRound round, long target) {
        HudiTable table = subject.table();
        boolean anew = rebuild || changed.get(table.name()) == 0 || stopped.containsKey(table.name());
        P wanted = anew ? subject.everything() : subject.touched(round);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        HudiCommit commit = writer.replace(table, wanted, subject.figures(round, wanted), target);
        catalog.register(table, commit.partitionPaths());
        return Optional.of(new Advance(table.name(), table.name() + ": " + wanted, commit.rows()));
    }
}
