package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrinoDistributionTest {

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    @Test
    void takesWhatIsInTheCache() throws IOException {
        Path home = Files.createDirectories(directory.resolve("cache/trino-476"));
        TrinoDistribution distribution = TrinoDistribution.fetch(directory.resolve("cache"), Map.of(), progress::add);
        assertThat(distribution.home()).isEqualTo(home);
        assertThat(progress).isEmpty();
    }

    @Test
    void saysThatMavenIsMissing() {
        assertThatThrownBy(() -> TrinoDistribution.fetch(
                        directory.resolve("cache"), Map.of("PATH", directory.toString()), progress::add))
                .isInstanceOf(LakeException.class)
                .hasMessage(
                        "Trino is fetched through Maven, and there is no mvn on the PATH: install Maven 3.8.7 or later,"
                                + " or set MAVEN_HOME");
        assertNothingIsLeft();
    }

    @Test
    void saysWhyMavenDoesNotGetIt() throws IOException {
        Map<String, String> environment = maven("""
                echo '[INFO] Scanning for projects...'
                echo "[\033[1;31mERROR\033[m] Failed to execute goal: Could not transfer artifact io.trino:trino-server:tar.gz:476 from/to x (https://repository.example/maven2): Unknown host repository.example -> [Help 1]"
                exit 1
                """);
        assertThatThrownBy(() -> TrinoDistribution.fetch(directory.resolve("cache"), environment, progress::add))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith(
                        "Trino 476 could not be fetched through Maven: Failed to execute goal: Could not")
                .hasMessageContaining("Unknown host")
                .hasMessageEndingWith("then try again")
                .hasMessageNotContaining("https://")
                .hasMessageNotContaining("\n");
        assertNothingIsLeft();
    }

    @Test
    void tellsHowFarItIsAndUsesNoArchiveButTheReleasedOne() throws IOException {
        Path seen = directory.resolve("seen");
        Map<String, String> environment = maven("""
                for argument in "$@"; do case "$argument" in -DoutputDirectory=*) out="${argument#*=}";; esac; done
                printf 'Progress (1): 4.1/11 kB\\rProgress (1): 99/821 MB\\r'
                until [ -e '%s' ]; do sleep 0.05; done
                printf x | gzip > "$out/trino-server-476.tar.gz"
                """.formatted(seen));
        assertThatThrownBy(() -> TrinoDistribution.fetch(directory.resolve("cache"), environment, line -> {
                    progress.add(line);
                    if (line.contains("%")) {
                        assertThat(seen.toFile().mkdir()).isTrue();
                    }
                }))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is not the released one");
        assertThat(progress)
                .containsExactly(
                        "fetching Trino 476 through Maven (821 MB, once)",
                        "fetching Trino: 10% of 821 MB",
                        "unpacking Trino 476");
        assertNothingIsLeft();
    }

    @Test
    void removesWhatAKilledRunLeft() throws IOException {
        Path leftover = Files.createDirectories(directory.resolve("cache/trino-476.tmp-1/unpacked/lib"));
        Files.writeString(leftover.resolve("half.jar"), "half");
        assertThatThrownBy(() -> TrinoDistribution.fetch(directory.resolve("cache"), Map.of(), progress::add))
                .isInstanceOf(LakeException.class);
        assertNothingIsLeft();
    }

    @Test
    void writesTheLauncherOnce() throws IOException {
        Path cache =
                Files.createDirectories(directory.resolve("cache/trino-476")).getParent();
        TrinoDistribution distribution = TrinoDistribution.fetch(cache, Map.of(), progress::add);
        Path jar = distribution.launcher();
        assertThat(jar).isRegularFile();
        assertThat(distribution.launcher()).isEqualTo(jar);
        assertThat(cache.toFile().list())
                .containsExactlyInAnyOrder("trino-476", jar.getFileName().toString());
    }

    @Test
    void keepsTheClassesThatAVirtualMachineHasUsedLately() throws IOException {
        Path cache =
                Files.createDirectories(directory.resolve("cache/trino-476")).getParent();
        TrinoDistribution distribution = TrinoDistribution.fetch(cache, Map.of(), progress::add);
        Path launcher = distribution.launcher();
        JavaInstallation java = new JavaInstallation(Path.of("/jdk"), "25.0.3");
        JavaInstallation earlier = new JavaInstallation(Path.of("/jdk"), "25.0.2");
        Path classes = Files.createFile(distribution.sharedClasses(java, launcher));
        Path others = Files.createFile(distribution.sharedClasses(earlier, launcher));
        assertThat(others).isNotEqualTo(classes);
        assertThat(distribution.sharedClasses(java, launcher)).isEqualTo(classes);
        assertThat(others).exists();
        for (Path archive : List.of(classes, others)) {
            Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minus(Duration.ofDays(30))));
        }
        assertThat(distribution.sharedClasses(java, launcher)).exists();
        assertThat(others).doesNotExist();
    }

    private void assertNothingIsLeft() {
        assertThat(directory.resolve("cache").toFile().list()).containsExactly("trino-476.lock");
    }

    /** A Maven that does what the script says. */
    private Map<String, String> maven(String script) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("maven/bin"));
        Path mvn = bin.resolve("mvn");
        Files.writeString(mvn, "#!/bin/sh\n" + script);
        assertThat(mvn.toFile().setExecutable(true)).isTrue();
        return Map.of("MAVEN_HOME", directory.resolve("maven").toString());
    }
}
