package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The folder that holds everything of one lake, and that one run at a time has to itself. */
public final class DataDirectory implements AutoCloseable {

    private final Path root;
    private final Path lockFile;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path root, Path lockFile, FileChannel channel, FileLock lock) {
        this.root = requireNonNull(root, "root");
        this.lockFile = requireNonNull(lockFile, "lockFile");
        this.channel = requireNonNull(channel, "channel");
        this.lock = requireNonNull(lock, "lock");
    }

    /**
     * Takes a folder, which is made if it is not there.
     *
     * @throws LakeException of kind {@code IN_USE} if another run has it, {@code UNFIT} if it cannot be written
     */
    public static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            if (!Files.exists(root)) {
                OwnerOnly.createDirectory(root);
            }
            Path lockFile = root.resolve("local-aws.lock");
            while (true) {
                FileChannel channel = FileChannel.open(
                        lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel);
                if (lock == null) {
                    String holder = read(channel);
                    channel.close();
                    throw new LakeException(
                            LakeException.Kind.IN_USE,
                            "the data directory " + root + " is in use by another run of local-aws"
                                    + (holder.isEmpty() ? "" : " (process " + holder + ")")
                                    + ": stop that one, or choose another directory with --data-dir");
                }
                if (isCurrent(lockFile, channel)) {
                    channel.truncate(0);
                    channel.write(ByteBuffer.wrap(
                            String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                    for (String folder : List.of("secrets", "aws", "s3", "logs")) {
                        OwnerOnly.createDirectory(root.resolve(folder));
                    }
                    return new DataDirectory(root, lockFile, channel, lock);
                }
                // The run before removed the file between our opening and locking it.
                channel.close();
            }
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the data directory " + root + " cannot be used ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "): choose one that you may write with --data-dir",
                    e);
        }
    }

    public Path root() {
        return root;
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path s3() {
        return root.resolve("s3");
    }

    /** For files that are of no use once a run has ended. */
    public Path scratch() {
        return root.resolve("aws").resolve("scratch");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    /** What the AWS services keep. */
    public Path journal() {
        return root.resolve("aws").resolve("state.journal");
    }

    public Path readyFile() {
        return root.resolve("local-aws.json");
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }

    /** A file that was removed after it was opened can still be locked, but then the lock keeps nobody out. */
    private static boolean isCurrent(Path lockFile, FileChannel channel) throws IOException {
        long size = channel.size();
        channel.write(ByteBuffer.wrap(new byte[] {' '}), size);
        try {
            return Files.size(lockFile) == size + 1;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(lockFile);
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new LakeException(LakeException.Kind.UNFIT, "cannot release " + lockFile + ": " + e.getMessage(), e);
        }
    }
}
