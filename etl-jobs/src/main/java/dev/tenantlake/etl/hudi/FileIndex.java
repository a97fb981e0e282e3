package dev.tenantlake.etl.hudi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hudi.common.fs.FSUtils;
import org.apache.hudi.common.model.HoodieCommitMetadata;
import org.apache.hudi.common.model.HoodieReplaceCommitMetadata;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.timeline.HoodieInstant;
import org.apache.hudi.common.table.timeline.HoodieTimeline;
import org.apache.hudi.storage.StoragePath;
import org.apache.hudi.storage.StoragePathInfo;

/**
 * Which file each partition of a table has as of a commit. The table's folder is listed once; from then on the commits
 * themselves say which files they made.
 */
final class FileIndex {

    private static final String DATA_FILE = ".parquet";
    /** In the place of an address: the partition has no file. */
    private static final String NONE = "";

    /** By partition, its files' addresses by the instants of the commits that made them. */
    private final NavigableMap<String, NavigableMap<String, String>> partitions = new TreeMap<>();

    /** The last commit that is known. */
    private String last = "";

    /** Takes in the commits that came since the last time. */
    synchronized void refresh(HoodieTableMetaClient opened) {
        HoodieTimeline commits = opened.getActiveTimeline().getCommitsTimeline().filterCompletedInstants();
        if (commits.empty()) {
            return;
        }
        String first = commits.firstInstant().get().requestedTime();
        try {
            if (last.compareTo(first) < 0 || !commits.containsInstant(last)) {
                list(opened, commits);
            } else {
                for (HoodieInstant commit : commits.findInstantsAfter(last).getInstants()) {
                    replace(commits, commit, first);
                    add(opened, commit.requestedTime(), commits.readCommitMetadata(commit), first);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        last = commits.lastInstant().get().requestedTime();
    }

    /**
     * Takes in a commit that this process has just made, without reading it.
     *
     * @param opened the table, with its timeline as it was before
     */
    synchronized void made(HoodieTableMetaClient opened, String instant, HoodieCommitMetadata metadata) {
        String first = opened.getActiveTimeline()
                .getCommitsTimeline()
                .filterCompletedInstants()
                .firstInstant()
                .map(HoodieInstant::requestedTime)
                .orElse(instant);
        if (metadata instanceof HoodieReplaceCommitMetadata replacing) {
            leaveEmpty(replacing, instant, first);
        }
        add(opened, instant, metadata, first);
        last = instant;
    }

    /** Whether a commit of this instant would be known. */
    synchronized boolean knows(String instant) {
        return last.compareTo(instant) >= 0;
    }

    /** The partitions below a path, which may be {@code ""}: all of them. */
    synchronized List<String> below(String path) {
        if (path.isEmpty() || partitions.containsKey(path)) {
            return path.isEmpty() ? List.copyOf(partitions.keySet()) : List.of(path);
        }
        // The character after the slash ends all paths that begin with the path and a slash.
        return List.copyOf(
                partitions.subMap(path + "/", path + (char) ('/' + 1)).keySet());
    }

    /** The addresses of the files that partitions have as of a commit. */
    synchronized List<String> files(Collection<String> partitionPaths, String instant) {
        return partitionPaths.stream()
                .map(partitions::get)
                .flatMap(versions -> Optional.ofNullable(versions).map(known -> known.floorEntry(instant)).stream())
                .map(Map.Entry::getValue)
                .filter(file -> !file.equals(NONE))
                .toList();
    }

    /** By partition, the address of the file that it has now. */
    synchronized Map<String, String> newest() {
        Map<String, String> newest = new HashMap<>();
        partitions.forEach((partition, versions) -> {
            String file = versions.lastEntry().getValue();
            if (!file.equals(NONE)) {
                newest.put(partition, file);
            }
        });
        return newest;
    }

    /** By partition, the file groups that it has now. */
    Map<String, List<String>> fileIds() {
        return newest().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        file -> List.of(FSUtils.getFileIdFromFilePath(new StoragePath(file.getValue())))));
    }

    private void list(HoodieTableMetaClient opened, HoodieTimeline commits) throws IOException {
        partitions.clear();
        String first = commits.firstInstant().get().requestedTime();
        List<HoodieInstant> replacing = commits.getInstantsAsStream()
                .filter(commit -> commit.getAction().equals(HoodieTimeline.REPLACE_COMMIT_ACTION))
                .toList();
        for (HoodieInstant commit : replacing) {
            replace(commits, commit, first);
        }
        StoragePath base = opened.getBasePath();
        for (StoragePathInfo file : opened.getStorage().listFiles(base)) {
            String name = file.getPath().getName();
            String partition =
                    FSUtils.getRelativePartitionPath(base, file.getPath().getParent());
            if (partition.startsWith(HoodieTableMetaClient.METAFOLDER_NAME) || !name.endsWith(DATA_FILE)) {
                continue;
            }
            String instant = FSUtils.getCommitTime(name);
            // What a dead writer left, or a living one is writing, is of no commit.
            if (commits.containsOrBeforeTimelineStarts(instant)) {
                add(partition, instant, file.getPath().toString(), first);
            }
        }
    }

    /** A commit that replaces what partitions have leaves those empty that it writes no file to. */
    private void replace(HoodieTimeline commits, HoodieInstant commit, String first) throws IOException {
        if (commit.getAction().equals(HoodieTimeline.REPLACE_COMMIT_ACTION)) {
            leaveEmpty(commits.readReplaceCommitMetadata(commit), commit.requestedTime(), first);
        }
    }

    private void leaveEmpty(HoodieReplaceCommitMetadata replacing, String instant, String first) {
        replacing.getPartitionToReplaceFileIds().keySet().forEach(partition -> add(partition, instant, NONE, first));
    }

    private void add(HoodieTableMetaClient opened, String instant, HoodieCommitMetadata metadata, String first) {
        for (HoodieWriteStat file : metadata.getWriteStats()) {
            String address = new StoragePath(opened.getBasePath(), file.getPath()).toString();
            add(file.getPartitionPath(), instant, address, first);
        }
    }

    /** Of the versions before the timeline's first commit only the newest can still be asked for. */
    private void add(String partition, String instant, String address, String first) {
        NavigableMap<String, String> versions = partitions.computeIfAbsent(partition, path -> new TreeMap<>());
        versions.put(instant, address);
        Optional.ofNullable(versions.floorKey(first))
                .ifPresent(floor -> versions.headMap(floor, false).clear());
    }
}
