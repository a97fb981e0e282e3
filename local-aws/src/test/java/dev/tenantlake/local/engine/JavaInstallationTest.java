package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaInstallationTest {

    @TempDir
    private Path directory;

    @Test
    void takesTheOneThatIsNamed() throws IOException {
        Path jdk = jdk("named", "24");
        JavaInstallation found = JavaInstallation.forTrino(Map.of("TENANTLAKE_TRINO_JAVA_HOME", jdk.toString()));
        assertThat(found.home()).isEqualTo(jdk);
        assertThat(found.version()).isEqualTo("24");
        assertThat(found.java()).isExecutable();
    }

    @Test
    void saysWhyTheOneThatIsNamedWillNotDo() throws IOException {
        for (Path unfit :
                new Path[] {jdk("old", "23.0.2"), jdk("ancient", "1.8.0_402"), directory.resolve("missing")}) {
            assertThatThrownBy(() -> JavaInstallation.forTrino(Map.of("TENANTLAKE_TRINO_JAVA_HOME", unfit.toString())))
                    .isInstanceOf(LakeException.class)
                    .hasMessage("TENANTLAKE_TRINO_JAVA_HOME is '" + unfit
                            + "', which is no JDK 24 or later: set it to the directory of one, or unset it");
        }
    }

    @Test
    void prefersTheTestedReleaseAmongAllThatItFindsAndThenTheOldest() throws IOException {
        jdk("home/.sdkman/candidates/java/c", "26");
        Path old = jdk("old", "17.0.15");
        Map<String, String> environment =
                Map.of("HOME", directory.resolve("home").toString(), "JAVA_HOME", old.toString(), "PATH", old + "/bin");
        List<Path> system = List.of(directory.resolve("jvm"), directory.resolve("missing"));
        assertThat(JavaInstallation.forTrino(environment, system).feature()).isEqualTo(26);
        jdk("home/.jdks/a", "24.0.2");
        assertThat(JavaInstallation.forTrino(environment, system).feature()).isEqualTo(24);
        Path tested = jdk("jvm/b/Contents/Home", "25.0.1");
        assertThat(JavaInstallation.forTrino(environment, system).home()).isEqualTo(tested);

        Path runner = jdk("runner", "25.0.2");
        assertThat(JavaInstallation.forTrino(
                                Map.of("HOME", "/nowhere", "JAVA_HOME_25_X64", runner.toString()), List.of())
                        .home())
                .isEqualTo(runner);
    }

    @Test
    void followsThePathToTheInstallation() throws IOException {
        Path jdk = jdk("opt/jdk", "25");
        Path bin = Files.createDirectories(directory.resolve("usr/bin"));
        Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
        assertThat(JavaInstallation.forTrino(Map.of("HOME", "/nowhere", "PATH", "/nowhere:" + bin), List.of())
                        .home())
                .isEqualTo(jdk.toRealPath());
    }

    @Test
    void saysWhereItLookedIfThereIsNone() throws IOException {
        Path old = jdk("jvm/old", "21.0.1");
        Files.writeString(jdk("jvm/odd", "25").resolve("release"), "JAVA_VERSION=\\u00zz");
        assertThatThrownBy(() -> JavaInstallation.forTrino(
                        Map.of("HOME", "/nowhere", "JAVA_HOME", old.toString()), List.of(directory.resolve("jvm"))))
                .isInstanceOf(LakeException.class)
                .hasMessage("Trino needs a JDK 24 or later (25 is tested); none was found in JAVA_HOME, PATH, "
                        + directory.resolve("jvm")
                        + ", ~/.sdkman/candidates/java, ~/.jdks; install one or set TENANTLAKE_TRINO_JAVA_HOME");
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Path java = Files.createFile(home.resolve("bin/java"));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
