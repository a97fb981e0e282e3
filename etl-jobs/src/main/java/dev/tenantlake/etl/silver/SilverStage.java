package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.bronze.BatchLimit;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.model.TableQuality;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings silver to hold what the epoch log holds, batch by batch: one commit per table that changed, then Glue, then
 * the layer's position.
 */
public final class SilverStage {

    private static final Logger LOG = LoggerFactory.getLogger(SilverStage.class);

    private final List<SourceTable> sources;
    private final HudiLake lake;
    private final EpochFeed epochs;
    private final LayerPositions positions;
    private final WriterClaim claim;
    private final HudiCatalog catalog;
    private final TablePool pool;
    private final Clock clock;
    private final BatchLimit limit;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final Quarantine quarantine;
    private final Truncates truncates;
    private final TableStep step;
    private final Set<String> passedOver = new HashSet<>();
    private final List<TableProgress> tables = new ArrayList<>();

    private boolean claimed;
    private Optional<LayerPosition> position = Optional.empty();

    /**
     * The stage; {@link #recover()} is called before anything else.
     *
     * @param rules what is asked of the rows
     * @param limit how much one commit takes in at most
     */
    public SilverStage(
            HudiLake lake,
            RuleBook rules,
            EpochFeed epochs,
            LayerPositions positions,
            WriterClaim claim,
            HudiCatalog catalog,
            TablePool pool,
            Clock clock,
            BatchLimit limit) {
        this(lake, rules, epochs, positions, claim, catalog, pool, clock, limit, SourceTable.ALL);
    }

    /**
     * The stage of a lake with another model than the present one.
     *
     * @param sources its tables, whose names are those of the present one
     */
    public SilverStage(
            HudiLake lake,
            RuleBook rules,
            EpochFeed epochs,
            LayerPositions positions,
            WriterClaim claim,
            HudiCatalog catalog,
            TablePool pool,
            Clock clock,
            BatchLimit limit,
            List<SourceTable> sources) {
        this.sources = List.copyOf(sources);
        this.lake = requireNonNull(lake, "lake");
        this.epochs = requireNonNull(epochs, "epochs");
        this.positions = requireNonNull(positions, "positions");
        this.claim = requireNonNull(claim, "claim");
        this.catalog = requireNonNull(catalog, "catalog");
        this.pool = requireNonNull(pool, "pool");
        this.clock = requireNonNull(clock, "clock");
        this.limit = requireNonNull(limit, "limit");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.quarantine = new Quarantine(lake);
        this.truncates = new Truncates(lake);
        this.step = new TableStep(lake, rules, catalog, quarantine);
    }

    /** Learns from the tables themselves what they hold; called at the start and after a failure. */
    public void recover() {
        if (!claimed) {
            claim.take();
            claimed = true;
        }
        lake.claimed(Layer.SILVER, claim::check);
        lake.spark().catalog().clearCache();
        position = positions.read(Layer.SILVER);
        tables.clear();
        catalog.ensureDatabase(Layer.SILVER);
        sources.forEach(table -> tables.add(recover(table)));
        quarantine.load();
        truncates.load();
        long latest = epochs.latestFrom(0);
        if (latest < furthest()) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "silver holds epoch " + furthest() + " and the epoch log ends at " + latest
                            + ": the log and the tables are not of one lake; restore bronze/_epochs or clear silver");
        }
        tables.forEach(this::survey);
        LOG.info(
                "event=silver_recovered epoch={} latest={} quarantined={} stopped={}",
                epoch(),
                latest,
                quarantine.size(),
                stopped().size());
    }

    private TableProgress recover(SourceTable source) {
        HudiTable table = SilverTables.of(source);
        Optional<StoppedTable> stopped =
                position.map(reached -> reached.stopped().get(source.name()));
        Optional<HudiCommit> latest = timeline.latest(table);
        long committed = latest.map(HudiCommit::epoch).orElse(0L);
        // The position says that the tables hold its epoch, also those that it did not change.
        long said = stopped.map(StoppedTable::epoch).orElse(epoch());
        if (committed > said) {
            // A death after this commit may have come before Glue was told of its partitions.
            catalog.register(table, files.partitionsBelow(table, ""));
        } else if (committed > 0) {
            catalog.register(table, List.of());
        }
        return new TableProgress(source, Math.max(said, committed), latest, rows(source, latest), stopped);
    }

    /** How many rows a table has: as the position says if it knows of the last commit, else as the files say. */
    private long rows(SourceTable source, Optional<HudiCommit> latest) {
        return position.filter(said -> latest.map(HudiCommit::epoch)
                        .equals(Optional.ofNullable(said.tables().get(source.name()))))
                .map(said -> said.quality().get(source.name()))
                .map(TableQuality::valid)
                .orElseGet(() -> files.count(SilverTables.of(source), latest));
    }

    /** Learns what lies between what a table holds and the layer: a newer model may read what an older could not. */
    private void survey(TableProgress table) {
        long held = table.held();
        if (held > 0) {
            table.backlog().holds(epochs.between(held - 1, held).get(0));
        }
        for (long at = held; at < epoch() && table.stopped().isPresent(); at += limit.epochs()) {
            epochs.between(at, Math.min(at + limit.epochs(), epoch())).forEach(table.backlog()::add);
        }
    }

    /** How far silver is, or empty if its tables hold no epoch together. */
    public Optional<LayerPosition> position() {
        return position;
    }

    /**
     * Takes in the next batch of epochs, if there are any.
     *
     * @return whether there were
     */
    public boolean advance() {
        long latest = epochs.latestFrom(epoch());
        boolean progressed = latest > epoch();
        if (progressed) {
            claim.check();
            follow(nextBatch(latest));
        }
        return catchUp() || progressed;
    }

    private List<EpochManifest> nextBatch(long latest) {
        // All tables are to hold one epoch at the end, so a batch reaches as far as the one that is ahead.
        long ahead = furthest();
        return atOneGo(epochs.between(epoch(), Math.min(latest, Math.max(epoch() + limit.epochs(), ahead))), ahead);
    }

    /** The first of some epochs, which one commit takes in: a load by itself, and else not too many rows. */
    private List<EpochManifest> atOneGo(List<EpochManifest> manifests, long atLeast) {
        long rows = 0;
        for (int i = 0; i < manifests.size(); i++) {
            EpochManifest next = manifests.get(i);
            rows += next.rows();
            boolean byItself =
                    next.replacesTables() || i > 0 && manifests.get(i - 1).replacesTables();
            if (i > 0 && next.epoch() > atLeast && (byItself || rows > limit.rows())) {
                return manifests.subList(0, i);
            }
        }
        return manifests;
    }

    /** Brings all tables but those that are stopped to the end of a batch. */
    private void follow(List<EpochManifest> batch) {
        long started = System.nanoTime();
        EpochManifest last = batch.get(batch.size() - 1);
        sayWhatIsPassedOver(batch);
        tables.forEach(table -> batch.forEach(table.backlog()::add));
        List<TableProgress> following =
                tables.stream().filter(table -> table.stopped().isEmpty()).toList();
        Taken taken = take(following, batch, last.epoch());
        write(new LayerPosition(
                Layer.SILVER,
                last.epoch(),
                last.lastLsn(),
                batch.get(0).firstCommittedAt(),
                last.lastCommittedAt(),
                clock.instant(),
                changed(),
                stopped(),
                quality()));
        LOG.info(
                "event=silver_committed epochs={}..{} tables={} files={} rows={} quarantined={} stopped={} millis={}",
                batch.get(0).epoch(),
                last.epoch(),
                taken.tables(),
                taken.files(),
                taken.rows(),
                quarantine.size(),
                stopped().size(),
                (System.nanoTime() - started) / 1_000_000);
    }

    /**
     * Takes stopped tables a step further for which there is nothing in the way any more, or is later.
     *
     * @return whether there were such
     */
    private boolean catchUp() {
        boolean progressed = false;
        for (TableProgress table : tables) {
            Backlog backlog = table.backlog();
            long until = backlog.until(epoch());
            if (table.stopped().isEmpty() || until <= backlog.from() && until < epoch()) {
                continue;
            }
            claim.check();
            long first = backlog.from();
            List<EpochManifest> step = atOneGo(epochs.between(first, Math.min(until, first + limit.epochs())), 0);
            long last = step.isEmpty() ? first : step.get(step.size() - 1).epoch();
            take(List.of(table), step, last);
            if (table.held() == epoch() && backlog.obstacle().isEmpty()) {
                table.goOn();
                LOG.info(
                        "event=table_follows_again table={} epoch={}",
                        table.table().name(),
                        epoch());
            }
            progressed = true;
        }
        if (progressed) {
            LayerPosition reached = position.orElseThrow();
            write(new LayerPosition(
                    Layer.SILVER,
                    reached.epoch(),
                    reached.lsn(),
                    reached.firstCommittedAt(),
                    reached.sourceCommittedAt(),
                    reached.completedAt(),
                    changed(),
                    stopped(),
                    quality()));
        }
        return progressed;
    }

    /**
     * What some epochs came to.
     *
     * @param files of partitions that changed, of which each has one
     */
    private record Taken(int tables, int files, long rows) {}

    private Taken take(List<TableProgress> concerned, List<EpochManifest> manifests, long last) {
        List<TableStep.Prepared> prepared = new ArrayList<>();
        try {
            pool.onEach(concerned, table -> step.prepare(table, manifests, last))
                    .forEach(changes -> changes.ifPresent(prepared::add));
            long reached = Math.max(last, epoch());
            quarantine.apply(prepared.stream().map(TableStep.Prepared::verdict).toList(), reached);
            truncates.add(
                    prepared.stream()
                            .flatMap(changes -> changes.truncates().stream())
                            .toList(),
                    reached);
            SilverTables.KEPT_BESIDE.forEach(table -> catalog.register(table, List.of()));
            List<HudiCommit> commits = pool.onEach(prepared, step::commit);
            for (int i = 0; i < commits.size(); i++) {
                TableStep.Prepared changes = prepared.get(i);
                changes.progress().committed(commits.get(i), changes.operation() != HudiWriter.Operation.UPSERT);
            }
            concerned.forEach(table -> settle(table, last));
            return new Taken(
                    prepared.size(),
                    commits.stream()
                            .mapToInt(commit -> commit.partitionPaths().size())
                            .sum(),
                    commits.stream().mapToLong(HudiCommit::rows).sum());
        } finally {
            prepared.forEach(changes -> changes.changes().release());
        }
    }

    /** Says of a table that took what it could of the epochs up to one what it holds, and whether it is stopped. */
    private void settle(TableProgress table, long last) {
        Backlog backlog = table.backlog();
        long until = Math.min(backlog.until(last), last);
        // Of rows that are all replaced by some that cannot be read, the table holds the old ones.
        if (table.changed() >= backlog.from() || table.held() >= backlog.from()) {
            table.reached(until);
        }
        Optional<Backlog.Obstacle> obstacle = backlog.obstacle();
        backlog.taken(until);
        if (obstacle.isPresent()) {
            if (table.stopped().isEmpty()) {
                LOG.warn(
                        "event=table_stopped table={} holds={} reason=\"{}\"",
                        table.table().name(),
                        table.held(),
                        obstacle.get().reason());
            }
            table.stop(obstacle.get().reason(), remedy(table.table()), clock.instant());
        } else if (table.stopped().isPresent()) {
            table.stop(
                    "it is catching up: nothing stands in its way any more", "none is needed; wait", clock.instant());
        }
    }

    private static String remedy(SourceTable table) {
        return "put the table right in the source, or have the lake's model take its new form; if it does not follow then"
                + " by itself: cdc-ingest reload " + table.name();
    }

    private long epoch() {
        return position.map(LayerPosition::epoch).orElse(0L);
    }

    private long furthest() {
        return tables.stream().mapToLong(TableProgress::held).max().orElse(0);
    }

    private Map<String, Long> changed() {
        return tables.stream().collect(Collectors.toMap(table -> table.table().name(), TableProgress::changed));
    }

    private Map<String, TableQuality> quality() {
        return tables.stream()
                .collect(Collectors.toMap(
                        table -> table.table().name(),
                        table -> new TableQuality(
                                table.rows(), quarantine.size(table.table().name()))));
    }

    private Map<String, StoppedTable> stopped() {
        return tables.stream()
                .filter(table -> table.stopped().isPresent())
                .collect(Collectors.toMap(
                        table -> table.table().name(), table -> table.stopped().get()));
    }

    private void write(LayerPosition reached) {
        positions.write(reached);
        position = Optional.of(reached);
    }

    private void sayWhatIsPassedOver(List<EpochManifest> batch) {
        for (EpochManifest epoch : batch) {
            for (Map.Entry<String, TableSlice> slice : epoch.tables().entrySet()) {
                if (SourceTable.named(slice.getKey()).isEmpty() && passedOver.add(slice.getKey())) {
                    LOG.warn(
                            "event=table_passed_over table={} epoch={} reason=\"the lake does not know it\"",
                            slice.getKey(),
                            epoch.epoch());
                }
            }
        }
    }
}
