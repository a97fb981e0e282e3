package dev.tenantlake.etl.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The manifests of the epoch log, for stages that follow it one behind the other: what the first has read is kept for
 * the next. Not for use by several threads at once.
 */
public final class EpochFeed {

    /** How many manifests are kept; one is some kilobytes. */
    private static final int KEPT = 512;

    private final EpochLog log;
    private final NavigableMap<Long, EpochManifest> recent = new TreeMap<>();

    public EpochFeed(EpochLog log) {
        this.log = requireNonNull(log, "log");
    }

    /** The number of the last epoch of the log; {@code known} is one that is there, or 0. */
    public long latestFrom(long known) {
        return log.latestEpochFrom(known);
    }

    /**
     * The manifests of some epochs, in order.
     *
     * @param after the epoch before the first
     * @param last the last one, which is there
     */
    public List<EpochManifest> between(long after, long last) {
        List<EpochManifest> manifests = new ArrayList<>();
        long have = after;
        while (have < last) {
            EpochManifest kept = recent.get(have + 1);
            if (kept != null) {
                manifests.add(kept);
                have++;
                continue;
            }
            int missing = (int) Math.min(Integer.MAX_VALUE, last - have);
            List<EpochManifest> read = log.after(have, missing);
            if (read.isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.CORRUPT,
                        "the epoch log ends at " + have + ", and epoch " + last
                                + " was there before; was the lake's bucket restored or emptied?");
            }
            for (EpochManifest manifest : read) {
                manifests.add(manifest);
                recent.put(manifest.epoch(), manifest);
            }
            have = read.get(read.size() - 1).epoch();
        }
        while (recent.size() > KEPT) {
            recent.pollFirstEntry();
        }
        return manifests;
    }
}
