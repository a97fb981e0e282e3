package dev.tenantlake.etl.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;

/** What is known of files that never change, of so many at most; those go first that nobody asked for the longest. */
final class KnownStatuses {

    private final Map<String, FileStatus> statuses;

    /**
     * Nothing yet.
     *
     * @param most of how many files something is known
     */
    KnownStatuses(int most) {
        this.statuses = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, FileStatus> eldest) {
                return size() > most;
            }
        };
    }

    synchronized Optional<FileStatus> find(String address) {
        return Optional.ofNullable(statuses.get(address));
    }

    synchronized void remember(String address, FileStatus status) {
        statuses.put(address, status);
    }

    synchronized void forget(String address) {
        statuses.remove(address);
    }

    /** Forgets what has an address, and all that is below it. */
    synchronized void forgetBelow(String address) {
        statuses.remove(address);
        String folder = address.endsWith("/") ? address : address + "/";
        statuses.keySet().removeIf(file -> file.startsWith(folder));
    }
}
