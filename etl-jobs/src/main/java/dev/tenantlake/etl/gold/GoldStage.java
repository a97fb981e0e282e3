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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings gold to the epoch that silver holds: one commit per table, then Glue, then the layer's position. Tables that
 * trail ({@link GoldSubject#isTrailing()}) come after that, when there is nothing else to do or when it is their time.
 */
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
    private final Duration every;
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
    /** The epoch that the tables hold which trail. */
    private long trailingEpoch;

    private Instant trailedAt = Instant.EPOCH;
    private Optional<LayerPosition> position = Optional.empty();
    private Map<Long, String> zones = Map.of();
    /** The commit of the tenants that these zones are of. */
    private Optional<HudiCommit> zonesOf = Optional.empty();

    /**
     * The stage; {@link #recover()} is called before anything else.
     *
     * @param rules say how many rows of a silver table have to be valid
     * @param every how long what trails stands at most while silver goes on, and a count of the rows
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
            Duration every,
            boolean rebuild) {
        this.lake = requireNonNull(lake, "lake");
        this.epochs = requireNonNull(epochs, "epochs");
        this.positions = requireNonNull(positions, "positions");
        this.claim = requireNonNull(claim, "claim");
        this.catalog = requireNonNull(catalog, "catalog");
        this.pool = requireNonNull(pool, "pool");
        this.clock = requireNonNull(clock, "clock");
        this.every = requireNonNull(every, "every");
        this.rebuild = rebuild;
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new GoldWriter(lake);
        this.obstacles = new GoldObstacles(rules, GoldTables.FIGURES);
        this.quality = new DataQuality(lake, catalog, clock, every);
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
            timeline.requirePartitions(table);
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
        epoch = held(GoldTables.PROMPT, written);
        trailingEpoch = Math.min(
                epoch,
                held(
                        GoldTables.TRAILING,
                        position.map(LayerPosition::epochOfAll).orElse(0L)));
        obstacles.clear();
        long at = stopped.values().stream().mapToLong(StoppedTable::epoch).min().orElse(epoch);
        for (; at < epoch; at += EPOCHS_AT_A_TIME) {
            obstacles.add(epochs.between(at, Math.min(at + EPOCHS_AT_A_TIME, epoch)));
        }
        LOG.info("event=gold_recovered epoch={} stopped={}", epoch, stopped.size());
    }

    /**
     * The epoch that some tables hold, but those that are stopped. What one of them holds beyond it is computed once more,
     * and comes out the same.
     *
     * @param written what the position says of them
     */
    private long held(List<GoldSubject<?>> subjects, long written) {
        return Math.max(
                written,
                subjects.stream()
                        .map(subject -> subject.table().name())
                        .filter(table -> !stopped.containsKey(table))
                        .mapToLong(changed::get)
                        .min()
                        .orElse(0));
    }

    /** How far gold is, or empty if it holds no epoch. */
    public Optional<LayerPosition> position() {
        return position;
    }

    /**
     * Brings gold to an epoch that silver holds, if it is not there.
     *
     * @return whether there was something to do that somebody waits for: tables that trail are nothing of that
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
        // Which tables stand and which do not is said of all of them at once, and at first there is to be each of them.
        boolean together = rebuild || position.isEmpty() || !blocked.equals(stopped) || isOneMissing(blocked);
        boolean progressed = together || silver.epoch() > epoch;
        if (progressed) {
            goOn(silver, taken, blocked, together);
        }
        if (trailingEpoch < epoch && (!progressed || isTrailingDue())) {
            claim.check();
            catchUp(position.orElseThrow());
        }
        // For this nobody waits, either.
        if (quality.isDue(silver)) {
            claim.check();
            quality.count(silver);
        }
        return progressed;
    }

    private boolean isOneMissing(Map<String, StoppedTable> blocked) {
        return GoldTables.FIGURES.stream()
                .map(subject -> subject.table().name())
                .anyMatch(table -> changed.get(table) == 0 && !blocked.containsKey(table));
    }

    private boolean isTrailingDue() {
        return !clock.instant().isBefore(trailedAt.plus(every));
    }

    /** Brings the tables to the epoch of silver, those that trail among them or not. */
    private void goOn(
            LayerPosition silver, List<EpochManifest> taken, Map<String, StoppedTable> blocked, boolean together) {
        claim.check();
        long started = System.nanoTime();
        List<Advance> advances = new ArrayList<>(round(GoldTables.PROMPT, epoch, taken, silver.epoch(), blocked));
        if (together) {
            advances.addAll(trail(silver.epoch(), blocked));
        }
        say(blocked);
        if (quality.isPressing(silver)) {
            quality.count(silver);
        }
        write(new LayerPosition(
                Layer.GOLD,
                silver.epoch(),
                silver.lsn(),
                taken.isEmpty() ? silver.firstCommittedAt() : taken.get(0).firstCommittedAt(),
                silver.sourceCommittedAt(),
                clock.instant(),
                tables(),
                stopped,
                Map.of(),
                trailing(silver.epoch())));
        LOG.info(
                "event=gold_committed epochs={}..{} scope=\"{}\" rows={} stopped={} millis={}",
                epoch + 1,
                silver.epoch(),
                scope(advances),
                rows(advances),
                stopped.size(),
                millisSince(started));
        epoch = silver.epoch();
        rebuild = false;
    }

    /** Brings the tables that trail to gold's epoch. */
    private void catchUp(LayerPosition reached) {
        long started = System.nanoTime();
        long from = trailingEpoch;
        List<Advance> advances = trail(reached.epoch(), stopped);
        write(new LayerPosition(
                Layer.GOLD,
                reached.epoch(),
                reached.lsn(),
                reached.firstCommittedAt(),
                reached.sourceCommittedAt(),
                reached.completedAt(),
                tables(),
                stopped,
                Map.of(),
                trailing(reached.epoch())));
        LOG.info(
                "event=gold_caught_up epochs={}..{} scope=\"{}\" rows={} millis={}",
                from + 1,
                reached.epoch(),
                scope(advances),
                rows(advances),
                millisSince(started));
    }

    private List<Advance> trail(long target, Map<String, StoppedTable> blocked) {
        List<Advance> advances =
                round(GoldTables.TRAILING, trailingEpoch, epochs.between(trailingEpoch, target), target, blocked);
        trailingEpoch = target;
        trailedAt = clock.instant();
        return advances;
    }

    /**
     * Advances some tables, but those that are blocked.
     *
     * @param from the epoch that they hold
     * @param taken those after it, up to {@code target}
     */
    private List<Advance> round(
            List<GoldSubject<?>> subjects,
            long from,
            List<EpochManifest> taken,
            long target,
            Map<String, StoppedTable> blocked) {
        SilverSnapshot snapshot = new SilverSnapshot(lake, target);
        List<GoldSubject<?>> open = subjects.stream()
                .filter(subject -> !blocked.containsKey(subject.table().name()))
                .toList();
        List<Advance> advances;
        try (GoldRound round = new GoldRound(lake, from, taken, snapshot, zones(snapshot), subjects)) {
            advances = pool.onEach(open, subject -> advance(subject, round, target)).stream()
                    .flatMap(Optional::stream)
                    .toList();
        }
        advances.forEach(advance -> changed.put(advance.table(), target));
        return advances;
    }

    private void write(LayerPosition reached) {
        positions.write(reached);
        position = Optional.of(reached);
    }

    private Map<String, Long> tables() {
        Map<String, Long> tables = new HashMap<>(changed);
        tables.put(GoldTables.DATA_QUALITY.name(), quality.epoch());
        return tables;
    }

    /** The tables that do not hold an epoch since they trail, with the one that they hold. */
    private Map<String, Long> trailing(long reached) {
        return trailingEpoch == reached
                ? Map.of()
                : GoldTables.TRAILING.stream()
                        .map(subject -> subject.table().name())
                        .filter(table -> !stopped.containsKey(table))
                        .collect(Collectors.toMap(table -> table, table -> trailingEpoch));
    }

    private static String scope(List<Advance> advances) {
        return advances.stream().map(Advance::scope).collect(Collectors.joining("; "));
    }

    private static long rows(List<Advance> advances) {
        return advances.stream().mapToLong(Advance::rows).sum();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
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
                                    before.map(StoppedTable::epoch).orElseGet(() -> held(subject)),
                                    obstacle.reason(),
                                    obstacle.remedy(),
                                    before.map(StoppedTable::since).orElseGet(clock::instant))));
        }
        return blocked;
    }

    /** The epoch that a table holds which is not stopped. */
    private long held(GoldSubject<?> subject) {
        if (changed.get(subject.table().name()) == 0) {
            return 0;
        }
        return subject.isTrailing() ? trailingEpoch : epoch;
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
