package dev.tenantlake.etl.s3;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BulkDelete;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.s3a.S3AFileStatus;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.hadoop.util.functional.FutureIO;

/**
 * S3 as the lake's tables use it.
 *
 * <p><b>Without folders.</b> Hadoop's connector makes an empty object for each folder that a program asks for, and looks
 * before whether it, or a folder above it, is there: for something that nobody reads.
 *
 * <p><b>Files that this process wrote lately are read from its memory.</b> The data files of a Hudi table are written
 * once and never changed, and the newest file of a partition is read again by the next commit that rewrites it and by
 * gold; so are the objects of its timeline, which archival reads. They are remembered once S3 has taken them in, and what
 * is asked of them then needs no request.
 *
 * <p><b>Of a file that never changes it is asked once whether it is there.</b> Spark asks before it plans, when it lists
 * what it is to read, and each time that it opens a file: five requests for a file of a few kilobytes. Of a file of bronze
 * the manifest says it ({@link #announce}), and one as small as an epoch's is read as a whole.
 *
 * <p><b>What is deleted is not asked for.</b> The connector looks whether it deletes a file or a folder, and whether it is
 * there: of what has the name of a file, S3 need not be asked the first, and it takes the second as it is. Many files go
 * with one request ({@link #deleteAll}).
 */
public final class LakeS3FileSystem extends S3AFileSystem {

    /** How many bytes of files are remembered: several times the newest files of a lake under traffic. */
    private static final int REMEMBERED = 64 << 20;
    /** A file that is larger than this is not remembered. */
    private static final int LARGEST = 8 << 20;

    /** A file of another that is no larger is read as a whole, and remembered. */
    private static final int SMALL = 64 << 10;

    /** Of how many files it is remembered that they are there. */
    private static final int KNOWN = 20_000;

    /** Of no consequence: the connector has buffers of its own. */
    private static final int BUFFER = 4096;

    private static final String DATA_FILE = ".parquet";
    /** What Hudi looks for in a partition's folder each time that it writes a file there. */
    private static final String PARTITION_FILE = ".hoodie_partition_metadata";
    /** The folder of a table's timeline, whose objects' names begin with an instant. */
    private static final String TIMELINE = ".hoodie";

    private final RecentFiles recent = new RecentFiles(REMEMBERED);
    private final KnownStatuses statuses = new KnownStatuses(KNOWN);
    /** The keys of files that {@link #deleteAll} deleted, and whose deletion is still to be asked for one by one. */
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();

    /**
     * Learns from who knows it, if files of such an address are reached in this way, that a data file is there, complete
     * and never changed again.
     *
     * @param bytes its size
     */
    public static void announce(Path file, long bytes, Configuration configuration) {
        try {
            if (file.getFileSystem(configuration) instanceof LakeS3FileSystem files) {
                files.statuses.remember(files.key(file), files.status(file, bytes, Instant.EPOCH));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Deletes data files with few requests, for somebody who is about to delete each of them and be told that it was there.
     *
     * @throws IOException if one of them could not be deleted; others may be
     */
    public static void deleteAll(Collection<Path> files, Configuration configuration) throws IOException {
        Map<FileSystem, List<Path>> bySystem = new HashMap<>();
        for (Path file : files) {
            bySystem.computeIfAbsent(file.getFileSystem(configuration), first -> new ArrayList<>())
                    .add(file);
        }
        for (Map.Entry<FileSystem, List<Path>> some : bySystem.entrySet()) {
            if (some.getKey() instanceof LakeS3FileSystem lake) {
                lake.deleteFiles(some.getValue());
                some.getValue().forEach(lake::expectDeletion);
            }
        }
    }

    @Override
    public boolean mkdirs(Path folder, FsPermission permission) {
        return true;
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        recent.forget(key(path));
        statuses.forget(key(path));
        deleted.remove(key(path));
        FSDataOutputStream out =
                super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
        return neverChanges(path) ? new FSDataOutputStream(new Remembering(path, out), null) : out;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Optional<FSDataInputStream> remembered = remembered(path);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        Optional<FileStatus> known = statuses.find(key(path));
        return known.isPresent() ? open(path, known.get()) : super.open(path, bufferSize);
    }

    @Override
    public CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters)
            throws IOException {
        Optional<FSDataInputStream> remembered = remembered(path);
        if (remembered.isPresent()) {
            return CompletableFuture.completedFuture(remembered.get());
        }
        if (parameters.getStatus() == null) {
            statuses.find(key(path)).ifPresent(parameters::withStatus);
        }
        return super.openFileWithOptions(path, parameters);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Optional<FileStatus> known = known(path);
        if (known.isPresent()) {
            return known.get();
        }
        FileStatus status = super.getFileStatus(path);
        if (status.isFile() && isData(path)) {
            statuses.remember(key(path), status);
        }
        return status;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        Optional<FileStatus> known = known(path);
        return known.isPresent() ? new FileStatus[] {known.get()} : super.listStatus(path);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        if (known(path).isPresent()) {
            return true;
        }
        if (isData(path)) {
            try {
                getFileStatus(path);
                return true;
            } catch (FileNotFoundException e) {
                return false;
            }
        }
        boolean exists = super.exists(path);
        if (exists && path.getName().equals(PARTITION_FILE)) {
            try (FSDataInputStream in = super.open(path, BUFFER)) {
                recent.remember(key(path), in.readAllBytes());
            }
        }
        return exists;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        try {
            if (recursive || !neverChanges(path)) {
                return super.delete(path, recursive);
            }
            if (!deleted.remove(key(path))) {
                deleteFiles(List.of(path));
            }
            return true;
        } finally {
            forget(path);
        }
    }

    private void deleteFiles(List<Path> files) throws IOException {
        try (BulkDelete delete = createBulkDelete(makeQualified(new Path("/")))) {
            for (int from = 0; from < files.size(); from += delete.pageSize()) {
                List<Path> page = files.subList(from, Math.min(files.size(), from + delete.pageSize()));
                for (Map.Entry<Path, String> failed : delete.bulkDelete(page)) {
                    throw new IOException("cannot delete " + failed.getKey() + ": " + failed.getValue());
                }
            }
        }
    }

    private void expectDeletion(Path file) {
        recent.forget(key(file));
        statuses.remember(key(file), status(file, 0, Instant.EPOCH));
        deleted.add(key(file));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        try {
            return super.rename(from, to);
        } finally {
            forget(from);
            forget(to);
        }
    }

    private static boolean neverChanges(Path path) {
        return isData(path) || path.getName().equals(PARTITION_FILE) || isInstant(path);
    }

    private static boolean isInstant(Path path) {
        return Character.isDigit(path.getName().charAt(0))
                && path.getParent() != null
                && path.getParent().getName().equals(TIMELINE);
    }

    private static boolean isData(Path path) {
        return path.getName().endsWith(DATA_FILE);
    }

    private String key(Path path) {
        return makeQualified(path).toString();
    }

    private Optional<FSDataInputStream> remembered(Path path) {
        return recent.find(key(path)).map(file -> new FSDataInputStream(new BytesInputStream(file.bytes())));
    }

    /** A file whose size is known is there: that need not be asked again. */
    private FSDataInputStream open(Path path, FileStatus known) throws IOException {
        FSDataInputStream in =
                FutureIO.awaitFuture(openFile(path).withFileStatus(known).build());
        if (known.getLen() > SMALL) {
            return in;
        }
        byte[] content = new byte[(int) known.getLen()];
        try (in) {
            in.readFully(0, content);
        }
        recent.remember(key(path), content);
        return new FSDataInputStream(new BytesInputStream(content));
    }

    private Optional<FileStatus> known(Path path) {
        String key = key(path);
        return recent.find(key)
                .map(file -> status(path, file.bytes().length, file.writtenAt()))
                .or(() -> statuses.find(key));
    }

    private FileStatus status(Path path, long bytes, Instant writtenAt) {
        return new S3AFileStatus(
                bytes,
                writtenAt.toEpochMilli(),
                makeQualified(path),
                getDefaultBlockSize(path),
                getUsername(),
                null,
                null);
    }

    /** Forgets a file, or all that is in a folder. */
    private void forget(Path path) {
        String key = key(path);
        if (neverChanges(path)) {
            recent.forget(key);
            statuses.forget(key);
        } else {
            recent.forgetBelow(key);
            statuses.forgetBelow(key);
        }
    }

    /** Keeps what is written to a file, and remembers it once S3 has all of it. */
    private final class Remembering extends FilterOutputStream {

        private final Path path;
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        private long size;
        private boolean tooLarge;
        private boolean closed;

        Remembering(Path path, OutputStream out) {
            super(out);
            this.path = path;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            size += length;
            if (!tooLarge && size > LARGEST) {
                tooLarge = true;
                copy.reset();
            }
            if (!tooLarge) {
                copy.write(bytes, offset, length);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            // Only when it returns has S3 taken the file in.
            out.close();
            statuses.remember(key(path), status(path, size, Instant.now()));
            if (!tooLarge) {
                recent.remember(key(path), copy.toByteArray());
            }
        }
    }
}
