package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hudi.client.SparkRDDWriteClient;
import org.apache.hudi.client.common.HoodieSparkEngineContext;
import org.apache.hudi.common.model.HoodieCommitMetadata;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieActiveTimeline;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieTimeline;
import org.apache.hudi.common.util.CommitUtils;
import org.apache.hudi.common.util.Option;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.catalyst.InternalRow;

/** A commit of which a table's timeline says that it was begun. The object that completes it has all readers see it. */
final class BegunCommit {

    private final HudiLake lake;
    private final HudiTable table;
    private final HoodieTableMetaClient opened;
    private final HoodieWriteConfig config;
    private final HudiWriter.Operation operation;
    private final String instant;
    private final FileIndex index;

    private BegunCommit(
            HudiLake lake,
            HudiTable table,
            HoodieTableMetaClient opened,
            HoodieWriteConfig config,
            HudiWriter.Operation operation,
            String instant) {
        this.lake = requireNonNull(lake, "lake");
        this.table = requireNonNull(table, "table");
        this.opened = requireNonNull(opened, "opened");
        this.config = requireNonNull(config, "config");
        this.operation = requireNonNull(operation, "operation");
        this.instant = requireNonNull(instant, "instant");
        this.index = lake.index(table, opened);
    }

    /**
     * Begins a commit, after what died on the way is cleared away.
     *
     * @param opened the table, with its timeline as it is now
     */
    static BegunCommit of(
            HudiLake lake,
            HudiTable table,
            HoodieTableMetaClient opened,
            HoodieWriteConfig config,
            HudiWriter.Operation operation) {
        rollBackWhatDied(lake, opened, config);
        HoodieActiveTimeline timeline = opened.getActiveTimeline();
        String instant = opened.createNewInstantTime(false);
        if (operation == HudiWriter.Operation.REPLACE) {
            timeline.createRequestedCommitWithReplaceMetadata(instant, action(operation));
        } else {
            timeline.createNewInstant(
                    opened.createNewInstant(HoodieInstant.State.REQUESTED, action(operation), instant));
        }
        timeline.createNewInstant(opened.createNewInstant(HoodieInstant.State.INFLIGHT, action(operation), instant));
        // Another writer that comes after this finds the commit that was begun, and clears it away before its own.
        lake.checkClaim(table);
        return new BegunCommit(lake, table, opened, config, operation, instant);
    }

    String instant() {
        return instant;
    }

    /** Which files the table has before the commit. */
    FileIndex index() {
        return index;
    }

    /**
     * Completes it.
     *
     * @param files what was written
     * @param epoch the last epoch that the table holds with that
     */
    HudiCommit complete(List<HoodieWriteStat> files, long epoch) {
        HoodieCommitMetadata metadata = CommitUtils.buildMetadata(
                files,
                operation == HudiWriter.Operation.REPLACE ? index.fileIds() : Map.of(),
                Option.of(Map.of(HudiCommit.EPOCH, Long.toString(epoch))),
                operation.hudi(),
                config.getWriteSchema(),
                action(operation));
        // Fails if the commit that was begun is not there any more.
        opened.getActiveTimeline()
                .saveAsComplete(
                        opened.createNewInstant(HoodieInstant.State.INFLIGHT, action(operation), instant),
                        Option.of(metadata));
        index.made(opened, instant, metadata);
        lake.completed(table, opened.createNewInstant(HoodieInstant.State.COMPLETED, action(operation), instant));
        return HudiCommit.of(instant, epoch, metadata);
    }

    private static String action(HudiWriter.Operation operation) {
        return operation == HudiWriter.Operation.REPLACE
                ? HoodieTimeline.REPLACE_COMMIT_ACTION
                : HoodieTimeline.COMMIT_ACTION;
    }

    /** A commit that died on the way left files that nobody may ever see. */
    private static void rollBackWhatDied(HudiLake lake, HoodieTableMetaClient opened, HoodieWriteConfig config) {
        if (!hasUnfinished(opened)) {
            return;
        }
        // It may have been on its way when the timeline was read, and be complete by now.
        opened.reloadActiveTimeline();
        if (!hasUnfinished(opened)) {
            return;
        }
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(lake.spark().sparkContext());
        try (SparkRDDWriteClient<InternalRow> client =
                new SparkRDDWriteClient<>(new HoodieSparkEngineContext(spark), config)) {
            client.rollbackFailedWrites(opened);
        }
        opened.reloadActiveTimeline();
    }

    private static boolean hasUnfinished(HoodieTableMetaClient opened) {
        return !opened.getActiveTimeline()
                .getTimelineOfActions(Set.of(
                        HoodieTimeline.COMMIT_ACTION,
                        HoodieTimeline.REPLACE_COMMIT_ACTION,
                        HoodieTimeline.ROLLBACK_ACTION))
                .filterInflightsAndRequested()
                .empty();
    }
}
