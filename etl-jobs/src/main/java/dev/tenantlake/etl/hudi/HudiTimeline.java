package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
