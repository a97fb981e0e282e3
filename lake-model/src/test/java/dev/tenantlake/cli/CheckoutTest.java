package dev.tenantlake.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {

    @TempDir
    private Path home;

    @Test
    void runsAModuleFromWhatTheBuildLeft() throws IOException {
        Path target = Files.createDirectories(home.resolve("etl-jobs").resolve("target"));
        Files.writeString(target.resolve("runtime-classpath"), "one.jar\n");
        Path lake = Path.of("/var/lake");

        ProcessBuilder process = new Checkout(home, Path.of("/opt/jdk"))
                .java("etl-jobs", lake, List.of("-Xmx1g"), List.of("Main", "--once"), Map.of("PGHOST", "::1"));

        assertThat(process.command())
                .startsWith("/opt/jdk/bin/java", "-Xmx1g")
                .contains("-Dtenantlake.data-dir=/var/lake", "-Djava.io.tmpdir=/var/lake/tmp")
                .endsWith("Main", "--once");
        assertThat(process.directory()).isEqualTo(lake.toFile());
        assertThat(process.environment())
                .containsEntry("CLASSPATH", target.resolve("classes") + File.pathSeparator + "one.jar")
                .containsEntry("JAVA_HOME", "/opt/jdk")
                .containsEntry("PGHOST", "::1");
    }

    @Test
    void saysWhichModuleIsNotBuiltAndWhatToDo() {
        assertThatThrownBy(() -> new Checkout(home, home).classPath("cdc-ingest"))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("cdc-ingest is not built: ")
                .hasMessageContaining("./tenantlake");
    }

    @Test
    void takesOutWhatWouldLeadAProcessElsewhere() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_PROFILE", "work",
                "SPARK_HOME", "/opt/spark",
                "PGHOST", "db",
                "TENANTLAKE_BUCKET", "another",
                "TENANTLAKE_LOG_LEVEL", "DEBUG",
                "PATH", "/bin"));
        Checkout.removeForeign(environment);
        assertThat(environment).containsOnlyKeys("TENANTLAKE_LOG_LEVEL", "PATH");
    }

    @Test
    void isTheOneThatAClassIsPartOf() {
        assertThat(Checkout.of(Checkout.class).home().resolve("lake-model").resolve("pom.xml"))
                .exists();
    }
}
