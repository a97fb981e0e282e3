package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one process for files that are not uploaded yet. It is removed at the end; one whose process was killed
 * is removed by the next that starts, which sees by its lock that nobody holds it.
 */
final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = "tenantlake-ingest-";
    private static final String LOCK_FILE = "lock";

    private final Path path;
    private final FileChannel channel;
    private int folders;

    private WorkDirectory(Path path, FileChannel channel) {
        this.path = requireNonNull(path, "path");
        this.channel = requireNonNull(channel, "channel");
    }

    /**
     * Makes a folder for this process, and removes those that were left behind.
     *
     * @param parent is made if it is not there
     */
    static WorkDirectory create(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeLeftOvers(parent);
        Path path = Files.createTempDirectory(parent, PREFIX);
        FileChannel channel =
                FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        return new WorkDirectory(path, channel);
    }

    /** An empty folder in it; what is left of the one before is removed. */
    Path emptyFolder() throws IOException {
        removeTree(path.resolve(String.valueOf(folders)));
        folders++;
        return Files.createDirectory(path.resolve(String.valueOf(folders)));
    }

    @Override
    public void close() throws IOException {
        removeTree(path);
        channel.close();
    }

    private static void removeLeftOvers(Path parent) throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path sibling : siblings) {
                if (isLeftOver(sibling)) {
                    removeTree(sibling);
                    LOG.info("event=left_over_removed folder={}", sibling);
                }
            }
        }
    }

    private static boolean isLeftOver(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK_FILE), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another run within this process.
            return false;
        } catch (NoSuchFileException e) {
            // Just being made, or just being removed.
            return false;
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
