package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hudi.common.model.HoodieCommitMetadata;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieTimeline;

/** Reads from the tables' own timelines what they hold: the one truth of it, whatever a job remembers. */
public final class HudiTimeline {

    private final HudiLake lake;

    public HudiTimeline(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * Makes sure that a table lies in the folders that this version knows it by: in others, its rows would be there twice
     * from the next commit on.
     *
     * @throws LakeException of kind {@code UNFIT} if it was written with other partitions
     */
    public void requirePartitions(HudiTable table) {
        lake.open(table).ifPresent(opened -> {
            List<String> present =
                    List.of(opened.getTableConfig().getPartitionFields().orElse(new String[0]));
            if (!present.equals(table.partitionColumns())) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        table.qualifiedName() + " is partitioned by " + present
                                + ", as another version wrote it: expected "
                                + table.partitionColumns()
                                + "; make silver and gold anew from bronze (./tenantlake up --from-bronze)");
            }
        });
    }

    /** The last completed commit of a table, or empty if it has none. */
    public Optional<HudiCommit> latest(HudiTable table) {
        return at(table, Long.MAX_VALUE);
    }

    /**
     * The commit with which a table holds an epoch and no later one: its last one that is not of a later epoch. Empty
     * if it has none.
     */
    public Optional<HudiCommit> at(HudiTable table, long epoch) {
        return lake.open(table).flatMap(opened -> at(table, opened, epoch));
    }

    private Optional<HudiCommit> at(HudiTable table, HoodieTableMetaClient opened, long epoch) {
        HoodieTimeline completed =
                opened.getActiveTimeline().getCommitsTimeline().filterCompletedInstants();
        return completed
                .getReverseOrderedInstants()
                .map(instant -> read(table, completed, instant))
                .flatMap(Optional::stream)
                .filter(commit -> commit.epoch() <= epoch)
                .findFirst();
    }

    /** Empty for a commit that changed no rows for the lake, such as a maintenance run's. */
    private Optional<HudiCommit> read(HudiTable table, HoodieTimeline timeline, HoodieInstant instant) {
        Optional<HudiCommit> remembered = lake.remembered(table, instant.requestedTime());
        if (remembered.isPresent()) {
            return remembered;
        }
        HoodieCommitMetadata metadata;
        try {
            metadata = timeline.readCommitMetadata(instant);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String epoch = metadata.getExtraMetadata().get(HudiCommit.EPOCH);
        if (epoch == null) {
            return Optional.empty();
        }
        HudiCommit commit = HudiCommit.of(instant.requestedTime(), number(table, instant, epoch), metadata);
        lake.remember(table, commit);
        return Optional.of(commit);
    }

    private static long number(HudiTable table, HoodieInstant instant, String epoch) {
        try {
            return Long.parseLong(epoch);
        } catch (NumberFormatException e) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "commit " + instant.requestedTime() + " of " + table.qualifiedName() + " says " + HudiCommit.EPOCH
                            + "=" + epoch + ", which is no epoch's number; was it written by another program?",
                    e);
        }
    }
}
