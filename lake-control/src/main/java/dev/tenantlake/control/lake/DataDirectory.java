package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a lake keeps everything on this machine. What lies below {@code control/}, {@code logs/} and {@code tmp/} is this module's;
 * {@code secrets/} and {@code local-aws.json} are local-aws' to write and ours to read.
 */
public final class DataDirectory {

    private final Path root;

    public DataDirectory(Path root) {
        this.root = requireNonNull(root, "root").toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** Where the modules put what they need for a moment; emptied when a lake starts. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** Rules for the rows of silver that take the place of the lake's own, if somebody put a file there. */
    public Path rules() {
        return root.resolve("rules.yaml");
    }

    /** What local-aws says of itself while it answers. */
    public Path localAwsFile() {
        return root.resolve("local-aws.json");
    }

    /** What local-aws holds locked while it runs. */
    Path localAwsLock() {
        return root.resolve("local-aws.lock");
    }

    /** AWS' shared credentials file, with the profiles {@code admin} and {@code pipeline}. */
    public Path awsCredentials() {
        return root.resolve("secrets").resolve("aws-credentials");
    }

    /** A password file as libpq reads it. */
    public Path pgpass() {
        return root.resolve("secrets").resolve("pgpass");
    }

    /** Where local-aws keeps Postgres' data. */
    Path postgres() {
        return root.resolve("postgres");
    }

    /** Whether a lake was ever kept in it. */
    public boolean holdsLake() {
        return Files.exists(postgres()) || Files.exists(root.resolve("s3"));
    }

    Path recordFile() {
        return control().resolve("lake.json");
    }

    private Path lockFile() {
        return control().resolve("lock");
    }

    private Path control() {
        return root.resolve("control");
    }

    /**
     * Makes the directory if it is not there.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it cannot be made or written to
     */
    public void create() {
        try {
            Files.createDirectories(control());
            Files.createDirectories(logs());
            Files.createDirectories(temporary());
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "the data directory " + root + " cannot be made or written to ("
                            + e.getClass().getSimpleName() + "); name another with --data-dir",
                    e);
        }
    }

    /** Removes what former runs left in {@link #temporary()}. To be called by who holds the lock. */
    public void clearTemporary() {
        try (Stream<Path> files = Files.walk(temporary())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(temporary())) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes the directory's lock, which whoever runs a lake on it holds for as long as it runs. It ends with the process
     * that holds it, however that ends.
     *
     * @return the lock, or empty if another process holds it
     */
    public Optional<Lock> tryLock() {
        try {
            while (true) {
                Optional<Object> before = fileKey();
                FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    channel.close();
                    return Optional.empty();
                }
                // Who held it before may have removed the file between our opening and our locking it; such a file can
                // still be locked by those who have it open, and guards nothing.
                if (before.isPresent() && before.equals(fileKey())) {
                    return Optional.of(new Lock(channel));
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasLockFile() {
        return Files.exists(lockFile());
    }

    /** Which file the lock's name stands for. Asked by name: to open a file and close it gives up the lock on it. */
    private Optional<Object> fileKey() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(lockFile(), BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Holds the data directory. */
    public final class Lock implements AutoCloseable {

        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        /** Gives the directory back, and leaves no lock file behind. */
        @Override
        public void close() {
            try (channel) {
                Files.deleteIfExists(lockFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
