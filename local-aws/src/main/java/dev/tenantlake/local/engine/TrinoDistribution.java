package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trino's files on this machine: fetched on first use, cut down to what is needed, and kept in a cache that all data
 * directories and clones share. What is there is whole: it is put together beside its place and then renamed to it,
 * by one process at a time.
 */
public final class TrinoDistribution {

    /** The last release whose server archive is in Maven's central repository. */
    static final String VERSION = "476";

    private static final String SHA_256 = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f";
    private static final String NAME = "trino-" + VERSION;
    /** The archive, and what is unpacked from it beside it: 821 and 180 MB. */
    private static final long NEEDED_BYTES = 1_100_000_000L;

    private static final Duration UNUSED = Duration.ofDays(14);

    private static final Logger LOG = LoggerFactory.getLogger(TrinoDistribution.class);

    private final Path cache;

    private TrinoDistribution(Path cache) {
        this.cache = requireNonNull(cache, "cache");
    }

    /**
     * Trino's files, from the cache if they are there, else fetched through Maven.
     *
     * @param cache the directory that they are kept in, beside what else is cached
     * @param environment the variables of the process, for Maven
     * @param progress told what is going on, one line at a time; nothing if they are there
     * @throws LakeException if they cannot be had: of kind {@code UNFIT}, {@code UNAVAILABLE} or {@code CORRUPT}
     */
    public static TrinoDistribution fetch(Path cache, Map<String, String> environment, Consumer<String> progress) {
        TrinoDistribution distribution = new TrinoDistribution(cache);
        if (!Files.isDirectory(distribution.home())) {
            try {
                distribution.install(new TrinoDownload(environment, progress), progress);
            } catch (IOException e) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        "Trino could not be put into " + cache + " (" + e.getMessage()
                                + "): make room there, or choose another cache directory, and try again",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LakeException(LakeException.Kind.UNAVAILABLE, "Trino was not fetched: interrupted", e);
            }
        }
        return distribution;
    }

    /** The directory that Trino's files are in. */
    public Path home() {
        return cache.resolve(NAME);
    }

    /**
     * Where the virtual machine keeps classes that it has read and checked before, which makes a later start much
     * quicker. It is of use only to the same virtual machine with the same class path, and big: one that nobody has
     * used for a while goes.
     */
    Path sharedClasses(JavaInstallation java, Path launcher) {
        String launched = launcher.getFileName().toString().replace(".jar", "");
        Path own = cache.resolve(NAME + "-java-" + java.version() + "-" + launched + ".jsa");
        Instant now = Instant.now();
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(cache, NAME + "-java-*.jsa")) {
            for (Path archive : archives) {
                if (archive.equals(own)) {
                    Files.setLastModifiedTime(own, FileTime.from(now));
                } else if (Files.getLastModifiedTime(archive).toInstant().isBefore(now.minus(UNUSED))) {
                    Files.deleteIfExists(archive);
                }
            }
        } catch (IOException e) {
            // Another run may do the same; what is left now goes the next time.
            LOG.debug("event=cache_not_tidied cache={}", cache, e);
        }
        return own;
    }

    /** A jar with {@link TrinoLauncher} in it, named by what it holds. */
    Path launcher() {
        String resource = "/" + TrinoLauncher.class.getName().replace('.', '/') + ".class";
        try (InputStream in = TrinoLauncher.class.getResourceAsStream(resource)) {
            byte[] bytes = requireNonNull(in, resource).readAllBytes();
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            Path jar = cache.resolve("launcher-" + HexFormat.of().toHexDigits((int) checksum.getValue()) + ".jar");
            if (!Files.isRegularFile(jar)) {
                Path written = Files.createTempFile(cache, "launcher-", ".tmp");
                try (OutputStream out = Files.newOutputStream(written);
                        JarOutputStream entries = new JarOutputStream(out)) {
                    entries.putNextEntry(new JarEntry(resource.substring(1)));
                    entries.write(bytes);
                }
                Files.move(written, jar, StandardCopyOption.ATOMIC_MOVE);
            }
            return jar;
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the cache " + cache + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Only one thread and one process at a time. */
    private void install(TrinoDownload download, Consumer<String> progress) throws IOException, InterruptedException {
        Files.createDirectories(cache);
        synchronized (TrinoDistribution.class) {
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(NAME + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel, progress)) {
                LOG.debug("event=cache_locked cache={} shared={}", cache, lock.isShared());
                if (Files.isDirectory(home())) {
                    return;
                }
                removeLeftovers();
                requireSpace();
                Path scratch = Files.createTempDirectory(cache, NAME + ".tmp-");
                try {
                    Path archive = download.into(scratch);
                    progress.accept("unpacking Trino " + VERSION);
                    Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
                    new TrinoArchive(archive).unpack(unpacked, SHA_256);
                    Files.move(unpacked, home(), StandardCopyOption.ATOMIC_MOVE);
                    progress.accept("Trino " + VERSION + " is in " + home());
                } finally {
                    remove(scratch);
                }
            }
        }
    }

    private FileLock lock(FileChannel channel, Consumer<String> progress) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock != null) {
            return lock;
        }
        progress.accept("waiting for another run that fetches Trino");
        return channel.lock();
    }

    /** What a run that was killed left. */
    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(cache, NAME + ".tmp-*")) {
            for (Path leftover : leftovers) {
                remove(leftover);
            }
        }
    }

    private void requireSpace() throws IOException {
        long usable = Files.getFileStore(cache).getUsableSpace();
        if (usable < NEEDED_BYTES) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "fetching Trino takes about " + NEEDED_BYTES / 1_000_000 + " MB in " + cache + ", where "
                            + usable / 1_000_000
                            + " MB are free: make room there, or choose another cache directory");
        }
    }

    static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
