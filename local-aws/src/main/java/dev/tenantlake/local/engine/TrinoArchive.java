package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Trino's server archive, of which about a fifth is needed: the server itself, the Hive and Hudi connectors and the
 * plugin that asks a policy server. The archive links equal files of different plugins to each other, so what a kept
 * name stands for may lie under a name that is not kept; it is therefore read twice, once for its names.
 */
final class TrinoArchive {

    /** Where the Hive and the Hudi connector go, together: they share all but a few files, and then a class loader. */
    private static final String LAKE_PLUGIN = "plugin/lake/";
    /** What serves other stores than S3, or Hadoop's file systems. */
    private static final Pattern NOT_NEEDED = Pattern.compile(
            "(org\\.rocksdb|com\\.azure_|com\\.azure\\.|com\\.microsoft\\.azure|io\\.grpc|io\\.opencensus"
                    + "|com\\.google\\.(api|cloud|auth_|http-client|oauth-client)|com\\.google\\.c\\.\\.\\."
                    + "|com\\.\\.\\.\\.apis_google|org\\.alluxio|org\\.conscrypt|io\\.projectreactor).*"
                    + "|.*(netty-codec-native|netty-transport-native|netty-tcnative|netty-resolver-dns-native).*");

    private final Path file;

    TrinoArchive(Path file) {
        this.file = requireNonNull(file, "file");
    }

    /**
     * Unpacks what is needed into a directory.
     *
     * @param sha256 what the archive's digest is to be
     * @throws LakeException of kind {@code CORRUPT} if the archive is another
     */
    void unpack(Path directory, String sha256) throws IOException {
        Map<String, List<String>> wanted = wanted(sha256);
        try (TarArchiveInputStream tar = open(Files.newInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                List<String> targets = wanted.getOrDefault(entry.getName(), List.of());
                if (entry.isFile() && !targets.isEmpty()) {
                    Path first = directory.resolve(targets.get(0));
                    Files.createDirectories(first.getParent());
                    Files.copy(tar, first);
                    for (String other : targets.subList(1, targets.size())) {
                        Files.createDirectories(directory.resolve(other).getParent());
                        Files.createLink(directory.resolve(other), first);
                    }
                }
            }
        }
    }

    /** The archive's entries that hold what is needed, with the files that each is to be. */
    private Map<String, List<String>> wanted(String sha256) throws IOException {
        Map<String, List<String>> wanted = new HashMap<>();
        MessageDigest digest = sha256();
        try (InputStream raw = new DigestInputStream(Files.newInputStream(file), digest);
                TarArchiveInputStream tar = open(raw)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String holder = entry.isLink() ? entry.getLinkName() : entry.getName();
                target(entry.getName())
                        .ifPresent(target -> wanted.computeIfAbsent(holder, name -> new ArrayList<>())
                                .add(target));
            }
            raw.transferTo(OutputStream.nullOutputStream());
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(sha256)) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    "the archive of Trino " + TrinoDistribution.VERSION
                            + " that Maven gave is not the released one (SHA-256 "
                            + actual + ", expected " + sha256
                            + "): remove io/trino/trino-server from Maven's local repository and try again");
        }
        return wanted;
    }

    /** Where a file of the archive goes, or empty if it is not needed. */
    private static Optional<String> target(String entry) {
        String path = entry.substring(entry.indexOf('/') + 1);
        String name = path.substring(path.lastIndexOf('/') + 1);
        String directory = path.substring(0, path.length() - name.length());
        return switch (directory) {
            case "" -> name.equals("NOTICE") ? Optional.of(name) : Optional.empty();
            case "lib/" -> name.startsWith("io.trino_trino-web-ui") ? Optional.empty() : jar(directory, name);
            case "plugin/opa/" -> jar(directory, name);
            case "plugin/hudi/" -> NOT_NEEDED.matcher(name).matches() ? Optional.empty() : jar(LAKE_PLUGIN, name);
            case "plugin/hive/" -> name.startsWith("trino-hive-") ? jar(LAKE_PLUGIN, name) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> jar(String directory, String name) {
        return name.endsWith(".jar") ? Optional.of(directory + name) : Optional.empty();
    }

    private static TarArchiveInputStream open(InputStream raw) throws IOException {
        return new TarArchiveInputStream(new GzipCompressorInputStream(new BufferedInputStream(raw, 1 << 20)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
