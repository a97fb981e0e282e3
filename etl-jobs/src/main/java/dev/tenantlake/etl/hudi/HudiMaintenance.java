package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.s3.LakeS3FileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hudi.avro.model.HoodieCleanMetadata;
import org.apache.hudi.client.timeline.TimelineArchivers;
import org.apache.hudi.common.engine.HoodieLocalEngineContext;
import org.apache.hudi.common.model.HoodieAvroPayload;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieInstantTimeGenerator;
import org.apache.hudi.common.table.timeline.HoodieTimeline;
import org.apache.hudi.common.util.CleanerUtils;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.table.HoodieSparkTable;

/**
 * Keeps the past of a table within bounds: deletes versions of files that only commits need which are not kept any
 * more, and moves what the timeline says of those commits to its archive. So neither the table's folders nor its
 * timeline grow with the number of commits, nor does what a commit costs.
 *
 * <p>The last commits of a table stay on its timeline however old they are, and with them what epoch it holds.
 */
public final class HudiMaintenance {

    /** How many more commits the timeline holds than those whose files are kept: an archive's step. */
    private static final int STEP = 20;
    /** As many more at least, or Hudi will not archive. */
    private static final int MARGIN = 2;

    private final HudiLake lake;
    private final Retention retention;
    private final Clock clock;
    private final HudiTimeline timeline;

    public HudiMaintenance(HudiLake lake, Retention retention, Clock clock) {
        this.lake = requireNonNull(lake, "lake");
        this.retention = requireNonNull(retention, "retention");
        this.clock = requireNonNull(clock, "clock");
        this.timeline = new HudiTimeline(lake);
    }

    /**
     * What was done to a table.
     *
     * @param files how many files were deleted
     * @param instants how many of the timeline's objects were archived
     */
    public record Result(int files, int instants) {}

    /**
     * Brings a table's past within its bounds, if enough commits came since the last time. A commit to the table may be
     * made meanwhile: it wants nothing that is deleted here, and the timeline is archived between two commits only.
     *
     * @param needed the epoch as of which the table is still to be read; {@code Long.MAX_VALUE} if only the newest is
     */
    public Result maintain(HudiTable table, long needed) {
        Optional<HoodieTableMetaClient> opened = lake.openApart(table);
        if (opened.isEmpty()) {
            return new Result(0, 0);
        }
        HoodieTimeline commits =
                opened.get().getActiveTimeline().getCommitsTimeline().filterCompletedInstants();
        int kept = kept(table, commits, needed);
        boolean due = commits.countInstants() >= kept + STEP && uncleaned(opened.get(), commits) >= STEP;
        if (!due && !isUnfinished(opened.get())) {
            return new Result(0, 0);
        }
        HoodieWriteConfig config = config(table, kept);
        int files = clean(opened.get(), config);
        return new Result(files, archive(table, opened.get(), config));
    }

    /** How many of the last commits are kept with all files that they need. */
    private int kept(HudiTable table, HoodieTimeline commits, long needed) {
        String young = instant(clock.instant().minus(retention.age()));
        Optional<String> wanted = timeline.at(table, needed).map(HudiCommit::instant);
        long youngOnes = commits.getInstantsAsStream()
                .filter(commit -> commit.requestedTime().compareTo(young) >= 0
                        || wanted.isPresent() && commit.requestedTime().compareTo(wanted.get()) >= 0)
                .count();
        // One more: the oldest of the young ones took the place of it.
        return (int) Math.max(retention.commits(), youngOnes + 1);
    }

    private static long uncleaned(HoodieTableMetaClient opened, HoodieTimeline commits) {
        return opened.getActiveTimeline()
                .getCleanerTimeline()
                .filterCompletedInstants()
                .lastInstant()
                .map(last -> commits.getInstantsAsStream()
                        .filter(commit -> commit.requestedTime().compareTo(last.requestedTime()) > 0)
                        .count())
                .orElse((long) Integer.MAX_VALUE);
    }

    /** Whether a process died while it cleaned. */
    private static boolean isUnfinished(HoodieTableMetaClient opened) {
        return !opened.getActiveTimeline()
                .getCleanerTimeline()
                .filterInflightsAndRequested()
                .empty();
    }

    private HoodieWriteConfig config(HudiTable table, int kept) {
        return HoodieWriteConfig.newBuilder()
                .withPath(lake.address(table))
                .forTable(table.name())
                .withProps(HudiOptions.of(table))
                .withProps(Map.of(
                        "hoodie.clean.policy", "KEEP_LATEST_COMMITS",
                        "hoodie.clean.commits.retained", Integer.toString(kept),
                        "hoodie.keep.min.commits", Integer.toString(kept + MARGIN),
                        "hoodie.keep.max.commits", Integer.toString(kept + STEP - 1)))
                .build();
    }

    private static int clean(HoodieTableMetaClient opened, HoodieWriteConfig config) {
        HoodieLocalEngineContext context = new HoodieLocalEngineContext(opened.getStorageConf());
        HoodieSparkTable<?> table = HoodieSparkTable.create(config, context, opened);
        String instant = opened.createNewInstantTime(false);
        table.scheduleCleaning(context, instant, Option.empty());
        opened.reloadActiveTimeline();
        deletePlanned(opened);
        HoodieCleanMetadata done = table.clean(context, instant);
        return done == null ? 0 : done.getTotalFilesDeleted();
    }

    /**
     * Deletes what the cleans that are planned are about to delete file by file, with few requests. That they are planned is
     * on the timeline, so that after a death in between they are done again.
     */
    private static void deletePlanned(HoodieTableMetaClient opened) {
        try {
            List<Path> files = new ArrayList<>();
            for (HoodieInstant clean : opened.getActiveTimeline()
                    .getCleanerTimeline()
                    .filterInflightsAndRequested()
                    .getInstants()) {
                CleanerUtils.getCleanerPlan(opened, clean)
                        .getFilePathsToBeDeletedPerPartition()
                        .values()
                        .forEach(some -> some.forEach(file -> files.add(new Path(file.getFilePath()))));
            }
            LakeS3FileSystem.deleteAll(files, opened.getStorageConf().unwrapAs(Configuration.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Between two commits: it takes a moment, and waits for the one that is being made. */
    private int archive(HudiTable table, HoodieTableMetaClient opened, HoodieWriteConfig config) {
        ReentrantLock lock = lake.lock(table);
        lock.lock();
        try {
            opened.reloadActiveTimeline();
            HoodieLocalEngineContext context = new HoodieLocalEngineContext(opened.getStorageConf());
            HoodieSparkTable<HoodieAvroPayload> hudi = HoodieSparkTable.create(config, context, opened);
            return TimelineArchivers.getInstance(opened.getTimelineLayoutVersion(), config, hudi)
                    .archiveIfRequired(context, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lake.forget(table);
            lock.unlock();
        }
    }

    private static String instant(Instant time) {
        return HoodieInstantTimeGenerator.getInstantFromTemporalAccessor(time.atOffset(ZoneOffset.UTC));
    }
}
