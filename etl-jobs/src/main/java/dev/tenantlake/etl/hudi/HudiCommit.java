package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.apache.hudi.common.model.HoodieCommitMetadata;
import org.apache.hudi.common.model.HoodieWriteStat;

/**
 * A completed commit of a Hudi table.
 *
 * @param instant its time on the table's timeline
 * @param epoch the last epoch that the table holds with it
 * @param partitionPaths the partitions that it wrote, as paths below the table; {@code ""} is the one of an
 *     unpartitioned table
 * @param inserted how many rows it added
 * @param updated how many rows it replaced
 * @param deleted how many rows it took out
 */
public record HudiCommit(
        String instant, long epoch, Set<String> partitionPaths, long inserted, long updated, long deleted) {

    /** The name, in a commit's extra metadata, of the last epoch that the table holds with it. */
    public static final String EPOCH = "tenantlake.epoch";

    public HudiCommit {
        requireNonNull(instant, "instant");
        partitionPaths = Set.copyOf(partitionPaths);
    }

    /** The commit that Hudi has this metadata of. */
    static HudiCommit of(String instant, long epoch, HoodieCommitMetadata metadata) {
        long inserted = 0;
        long updated = 0;
        long deleted = 0;
        for (HoodieWriteStat stat : metadata.getWriteStats()) {
            inserted += stat.getNumInserts();
            updated += stat.getNumUpdateWrites();
            deleted += stat.getNumDeletes();
        }
        return new HudiCommit(
                instant, epoch, metadata.getPartitionToWriteStats().keySet(), inserted, updated, deleted);
    }

    /** How many rows it was about. */
    public long rows() {
        return inserted + updated + deleted;
    }
}
