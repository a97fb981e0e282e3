package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrinoArchiveTest {

    @TempDir
    private Path directory;

    private Path archive;

    @BeforeEach
    void pack() throws IOException {
        archive = directory.resolve("trino.tar.gz");
        try (OutputStream out = Files.newOutputStream(archive);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
            file(tar, "NOTICE", "notice");
            file(tar, "README.txt", "readme");
            file(tar, "bin/launcher", "launcher");
            file(tar, "lib/io.trino_trino-main-476.jar", "main");
            file(tar, "lib/io.trino_trino-web-ui-476.jar", "ui");
            // What is kept is linked to what is not.
            file(tar, "plugin/bigquery/guava.jar", "guava");
            link(tar, "lib/guava.jar", "plugin/bigquery/guava.jar");
            file(tar, "plugin/hive/trino-hive-476-services.jar", "hive");
            file(tar, "plugin/hive/org.rocksdb_rocksdbjni-7.0.3.jar", "rocks");
            file(tar, "plugin/hive/hdfs/hadoop.jar", "hadoop");
            link(tar, "plugin/hudi/guava.jar", "plugin/bigquery/guava.jar");
            link(tar, "plugin/hudi/org.rocksdb_rocksdbjni-7.0.3.jar", "plugin/hive/org.rocksdb_rocksdbjni-7.0.3.jar");
            file(tar, "plugin/hudi/trino-hudi-476-services.jar", "hudi");
            file(tar, "plugin/hudi/io.netty_netty-codec-native-quic-4.2.1.Final-linux-x86_64.jar", "native");
            link(tar, "plugin/hudi/hdfs/hadoop.jar", "plugin/hive/hdfs/hadoop.jar");
            link(tar, "plugin/opa/guava.jar", "plugin/bigquery/guava.jar");
        }
    }

    @Test
    void keepsWhatIsNeededAndFollowsItsLinks() throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        new TrinoArchive(archive).unpack(target, digest(Files.readAllBytes(archive)));
        try (Stream<Path> files = Files.walk(target)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(target::relativize)
                            .map(Path::toString))
                    .containsExactlyInAnyOrder(
                            "NOTICE",
                            "lib/io.trino_trino-main-476.jar",
                            "lib/guava.jar",
                            "plugin/lake/guava.jar",
                            "plugin/lake/trino-hive-476-services.jar",
                            "plugin/lake/trino-hudi-476-services.jar",
                            "plugin/opa/guava.jar");
        }
        for (String place : List.of("lib", "plugin/lake", "plugin/opa")) {
            assertThat(target.resolve(place).resolve("guava.jar")).hasContent("guava");
        }
    }

    @Test
    void refusesAnotherArchiveAndOneThatIsCutShort() throws Exception {
        Path target = Files.createDirectory(directory.resolve("target"));
        assertThatThrownBy(() -> new TrinoArchive(archive).unpack(target, "00"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is not the released one");
        byte[] whole = Files.readAllBytes(archive);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        Files.write(archive, half);
        assertThatThrownBy(() -> new TrinoArchive(archive).unpack(target, digest(half)))
                .isInstanceOf(IOException.class);
        assertThat(target).isEmptyDirectory();
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry("trino-server-476/" + name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String to) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry("trino-server-476/" + name, TarConstants.LF_LINK);
        entry.setLinkName("trino-server-476/" + to);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static String digest(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
