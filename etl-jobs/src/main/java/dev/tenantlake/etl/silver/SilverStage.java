package dev.tenantlake.etl.silver;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.TablePool;
import dev.tenantlake.etl.WriterClaim;
import dev.tenantlake.etl.bronze.BronzeReader;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.hudi.HudiWriter;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.TableSlice;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings silver to hold what the epoch log holds, batch by batch: one commit per table that changed, then Glue, then
 * the layer's position.
 */
public final class SilverStage {

    private static final Logger LOG = LoggerFactory.getLogger(SilverStage.class);

    private final HudiLake lake;
    private final EpochFeed epochs;
    private final LayerPositions positions;
    private final WriterClaim claim;
    private final HudiCatalog catalog;
    private final TablePool pool;
    private final Clock clock;
    private final int maxEpochsPerCommit;
    private final BronzeReader bronze;
    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final HudiWriter writer;
    private final Quarantine quarantine;
    private final Set<String> passedOver = new HashSet<>();

    /** By table name, the last epoch that it is known to hold. */
    private final Map<String, Long> held = new HashMap<>();
    /** By table name, the epoch of its last change. */
    private final Map<String, Long> changed = new HashMap<>();

    private boolean claimed;
    private Optional<LayerPosition> position = Optional.empty();

    /**
     * The stage; {@link #recover()} is called before anything else.
     *
     * @param maxEpochsPerCommit how many epochs one commit takes in at most
     */
    public SilverStage(
            HudiLake lake,
            EpochFeed epochs,
            LayerPositions positions,
            WriterClaim claim,
            HudiCatalog catalog,
            TablePool pool,
            Clock clock,
            int maxEpochsPerCommit) {
        this.lake = requireNonNull(lake, "lake");
        this.epochs = requireNonNull(epochs, "epochs");
        this.positions = requireNonNull(positions, "positions");
        this.claim = requireNonNull(claim, "claim");
        this.catalog = requireNonNull(catalog, "catalog");
        this.pool = requireNonNull(pool, "pool");
        this.clock = requireNonNull(clock, "clock");
        this.maxEpochsPerCommit = maxEpochsPerCommit;
        this.bronze = new BronzeReader(lake);
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.writer = new HudiWriter(lake);
        this.quarantine = new Quarantine(lake);
    }

    /** Learns from the tables themselves what they hold; called at the start and after a failure. */
    public void recover() {
        if (!claimed) {
            claim.take();
            claimed = true;
        }
        lake.spark().catalog().clearCache();
        position = positions.read(Layer.SILVER);
        held.clear();
        changed.clear();
        catalog.ensureDatabase(Layer.SILVER);
        for (SourceTable table : SourceTable.ALL) {
            recover(SilverTables.of(table));
        }
        quarantine.load();
        long latest = epochs.latestFrom(0);
        if (latest < furthest()) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "silver holds epoch " + furthest() + " and the epoch log ends at " + latest
                            + ": the log and the tables are not of one lake; restore bronze/_epochs or clear silver");
        }
        LOG.info("event=silver_recovered epoch={} latest={} quarantined={}", epoch(), latest, quarantine.size());
    }

    private void recover(HudiTable table) {
        long committed = timeline.latest(table).map(HudiCommit::epoch).orElse(0L);
        // The position says that the tables hold its epoch, also those that it did not change.
        held.put(table.name(), Math.max(epoch(), committed));
        changed.put(table.name(), committed);
        if (committed > epoch()) {
            // A death after this commit may have come before Glue was told of its partitions.
            catalog.register(table, files.partitionsBelow(table, ""));
        } else if (committed > 0) {
            catalog.register(table, List.of());
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
        if (latest == epoch()) {
            return false;
        }
        claim.check();
        long started = System.nanoTime();
        List<EpochManifest> batch = nextBatch(latest);
        EpochManifest last = batch.get(batch.size() - 1);
        sayWhatIsPassedOver(batch);
        List<TableChanges> changes = new ArrayList<>();
        try {
            changes.addAll(pool.onEach(concerned(batch), table -> changes(table, batch)));
            quarantine.apply(changes.stream().map(TableChanges::verdict).toList(), last.epoch());
            catalog.register(SilverTables.QUARANTINE, List.of());
            List<HudiCommit> commits = pool.onEach(changes, change -> commit(change, last.epoch()));
            changes.forEach(change -> changed.put(change.table().name(), last.epoch()));
            advanceTo(last);
            LOG.info(
                    "event=silver_committed epochs={}..{} tables={} rows={} quarantined={} millis={}",
                    batch.get(0).epoch(),
                    last.epoch(),
                    changes.size(),
                    commits.stream().mapToLong(HudiCommit::rows).sum(),
                    quarantine.size(),
                    (System.nanoTime() - started) / 1_000_000);
        } finally {
            changes.forEach(change -> change.changes().release());
        }
        return true;
    }

    /** A table with what a batch does to it. */
    private record TableChanges(SourceTable table, ChangeSet changes, Quarantine.Verdict verdict, boolean first) {}

    private List<EpochManifest> nextBatch(long latest) {
        // All tables are to hold one epoch at the end, so a batch reaches as far as the one that is ahead.
        long until = Math.min(latest, Math.max(epoch() + maxEpochsPerCommit, furthest()));
        if (epoch() == 0) {
            // The snapshot is loaded by itself: its rows need not be compared with each other, nor with the table's.
            List<EpochManifest> first = epochs.between(0, 1);
            if (first.get(0).kind() == EpochManifest.Kind.SNAPSHOT && furthest() <= 1) {
                return first;
            }
        }
        return epochs.between(epoch(), until);
    }

    private long epoch() {
        return position.map(LayerPosition::epoch).orElse(0L);
    }

    private long furthest() {
        return held.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The tables that the batch changes, and those that are not there yet. */
    private List<SourceTable> concerned(List<EpochManifest> batch) {
        return SourceTable.ALL.stream()
                .filter(table -> changed.get(table.name()) == 0
                        || !remaining(table, batch).isEmpty())
                .toList();
    }

    /** The epochs of a batch that a table does not hold yet and that change it. */
    private List<EpochManifest> remaining(SourceTable table, List<EpochManifest> batch) {
        return batch.stream()
                .filter(epoch -> epoch.epoch() > held.get(table.name()))
                .filter(epoch -> epoch.tables().containsKey(table.name()))
                .toList();
    }

    private TableChanges changes(SourceTable table, List<EpochManifest> batch) {
        HudiTable silver = SilverTables.of(table);
        List<EpochManifest> remaining = remaining(table, batch);
        boolean first = changed.get(table.name()) == 0;
        boolean snapshot = remaining.stream().allMatch(epoch -> epoch.kind() == EpochManifest.Kind.SNAPSHOT);
        boolean truncated = remaining.stream()
                .anyMatch(epoch -> epoch.tables().get(table.name()).truncated());
        Dataset<Row> rows = bronze.read(table, remaining, columns -> Rules.firstBroken(table, columns));
        if (truncated) {
            rows = ChangeSet.afterTruncate(table, rows, present(silver));
        }
        ChangeSet changes = first && snapshot
                ? ChangeSet.ofSnapshot(table, rows)
                : ChangeSet.ofStream(table, rows).keep();
        return new TableChanges(table, changes, quarantine.judge(table, changes, truncated), first && snapshot);
    }

    private Dataset<Row> present(HudiTable silver) {
        List<String> partitions = files.partitionsBelow(silver, "");
        return files.read(silver, timeline.latest(silver), partitions);
    }

    private HudiCommit commit(TableChanges change, long epoch) {
        HudiTable silver = SilverTables.of(change.table());
        if (change.first()) {
            writer.write(silver, change.changes().firstSilverRows(), HudiWriter.Operation.BULK_INSERT, epoch);
        } else {
            writer.write(silver, change.changes().silverRows(), HudiWriter.Operation.UPSERT, epoch);
        }
        HudiCommit commit = timeline.latest(silver)
                .filter(made -> made.epoch() == epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.IN_USE,
                        "the commit of epoch " + epoch + " to " + silver.qualifiedName()
                                + " is not its last one: is another job writing to it?"));
        catalog.register(silver, commit.partitionPaths());
        LOG.debug(
                "event=table_committed table={} epoch={} inserted={} updated={} deleted={} partitions={}",
                silver.qualifiedName(),
                epoch,
                commit.inserted(),
                commit.updated(),
                commit.deleted(),
                commit.partitionPaths().size());
        return commit;
    }

    private void advanceTo(EpochManifest last) {
        for (SourceTable table : SourceTable.ALL) {
            held.merge(table.name(), last.epoch(), Math::max);
        }
        LayerPosition reached = new LayerPosition(
                Layer.SILVER, last.epoch(), last.lastLsn(), last.lastCommittedAt(), clock.instant(), changed);
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
