package dev.tenantlake.etl.s3;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.impl.OpenFileParameters;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.s3a.S3AFileStatus;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * S3 as the lake's tables use it.
 *
 * <p><b>Without folders.</b> Hadoop's connector makes an empty object for each folder that a program asks for, and looks
 * before whether it, or a folder above it, is there: for something that nobody reads.
 *
 * <p><b>Files that this process wrote lately are read from its memory.</b> The data files of a Hudi table are written
 * once and never changed, and the newest file of a partition is read again by the next commit that rewrites it and by
 * gold. They are remembered once S3 has taken them in, and what is asked of them then needs no request.
 */
public final class LakeS3FileSystem extends S3AFileSystem {

    /** How many bytes of files are remembered: several times the newest files of a lake under traffic. */
    private static final int REMEMBERED = 64 << 20;
    /** A file that is larger than this is not remembered. */
    private static final int LARGEST = 8 << 20;

    /** Of no consequence: the connector has buffers of its own. */
    private static final int BUFFER = 4096;

    private static final String DATA_FILE = ".parquet";
    /** What Hudi looks for in a partition's folder each time that it writes a file there. */
    private static final String PARTITION_FILE = ".hoodie_partition_metadata";

    private final RecentFiles recent = new RecentFiles(REMEMBERED);

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
        FSDataOutputStream out =
                super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
        return neverChanges(path) ? new FSDataOutputStream(new Remembering(key(path), out), null) : out;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        Optional<FSDataInputStream> remembered = remembered(path);
        return remembered.isPresent() ? remembered.get() : super.open(path, bufferSize);
    }

    @Override
    public CompletableFuture<FSDataInputStream> openFileWithOptions(Path path, OpenFileParameters parameters)
            throws IOException {
        Optional<FSDataInputStream> remembered = remembered(path);
        return remembered.isPresent()
                ? CompletableFuture.completedFuture(remembered.get())
                : super.openFileWithOptions(path, parameters);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Optional<RecentFiles.File> file = recent.find(key(path));
        return file.isPresent() ? status(path, file.get()) : super.getFileStatus(path);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        if (recent.find(key(path)).isPresent()) {
            return true;
        }
        boolean exists = super.exists(path);
        if (exists && path.getName().equals(PARTITION_FILE)) {
            remember(path);
        }
        return exists;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        try {
            return super.delete(path, recursive);
        } finally {
            recent.forgetBelow(key(path));
        }
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        try {
            return super.rename(from, to);
        } finally {
            recent.forgetBelow(key(from));
            recent.forgetBelow(key(to));
        }
    }

    private static boolean neverChanges(Path path) {
        return path.getName().endsWith(DATA_FILE) || path.getName().equals(PARTITION_FILE);
    }

    private String key(Path path) {
        return makeQualified(path).toString();
    }

    private Optional<FSDataInputStream> remembered(Path path) {
        return recent.find(key(path)).map(file -> new FSDataInputStream(new BytesInputStream(file.bytes())));
    }

    private FileStatus status(Path path, RecentFiles.File file) {
        return new S3AFileStatus(
                file.bytes().length,
                file.writtenAt().toEpochMilli(),
                makeQualified(path),
                getDefaultBlockSize(path),
                getUsername(),
                null,
                null);
    }

    private void remember(Path path) throws IOException {
        try (FSDataInputStream in = super.open(path, BUFFER)) {
            recent.remember(key(path), in.readAllBytes());
        }
    }

    /** Keeps what is written to a file, and remembers it once S3 has all of it. */
    private final class Remembering extends FilterOutputStream {

        private final String key;
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        private boolean tooLarge;
        private boolean closed;

        Remembering(String key, OutputStream out) {
            super(out);
            this.key = key;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            if (!tooLarge && copy.size() + length > LARGEST) {
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
            if (!tooLarge) {
                recent.remember(key, copy.toByteArray());
            }
        }
    }
}
