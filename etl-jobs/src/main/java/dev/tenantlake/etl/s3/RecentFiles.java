package dev.tenantlake.etl.s3;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The contents of files, up to a number of bytes in all; those go first that nobody asked for the longest. */
final class RecentFiles {

    private final int capacity;
    private final Map<String, File> files = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /**
     * Nothing yet.
     *
     * @param capacity how many bytes the contents have in all at most
     */
    RecentFiles(int capacity) {
        this.capacity = capacity;
    }

    /** A file's content and when it was written. */
    record File(byte[] bytes, Instant writtenAt) {

        File {
            requireNonNull(bytes, "bytes");
            requireNonNull(writtenAt, "writtenAt");
        }
    }

    synchronized Optional<File> find(String address) {
        return Optional.ofNullable(files.get(address));
    }

    /** Keeps a file that was written just now. */
    synchronized void remember(String address, byte[] bytes) {
        forget(address);
        files.put(address, new File(bytes, Instant.now()));
        size += bytes.length;
        Iterator<File> oldest = files.values().iterator();
        while (size > capacity) {
            size -= oldest.next().bytes().length;
            oldest.remove();
        }
    }

    synchronized void forget(String address) {
        File forgotten = files.remove(address);
        size -= forgotten == null ? 0 : forgotten.bytes().length;
    }

    /** Forgets what has an address, and all that is below it. */
    synchronized void forgetBelow(String address) {
        forget(address);
        String folder = address.endsWith("/") ? address : address + "/";
        files.entrySet().removeIf(file -> {
            boolean below = file.getKey().startsWith(folder);
            size -= below ? file.getValue().bytes().length : 0;
            return below;
        });
    }
}
