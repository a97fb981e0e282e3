package dev.tenantlake.control.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.cli.Checkout;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LocalServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the modules' processes are started with. */
class ModulesTest {

    private static final LocalServices SERVICES = new LocalServices(
            1,
            URI.create("http://127.0.0.1:4870"),
            URI.create("http://127.0.0.1:4871"),
            new LocalServices.Postgres("127.0.0.1", 4872, "shop", "postgres"),
            "us-east-1",
            "tenantlake",
            LocalServices.QueryEngine.READY,
            Optional.empty());

    @TempDir
    private Path folder;

    private DataDirectory directory;
    private Modules modules;

    @BeforeEach
    void make() throws IOException {
        directory = new DataDirectory(folder.resolve("lake"));
        directory.create();
        Path home = folder.resolve("checkout");
        Path target = Files.createDirectories(home.resolve("etl-jobs/target"));
        Files.writeString(target.resolve("runtime-classpath"), "spark.jar");
        modules = new Modules(new Checkout(home, Path.of(System.getProperty("java.home"))));
    }

    @Test
    void theJobHasTheRulesThatLieInTheDataDirectory() throws IOException {
        assertThat(jobCommand()).doesNotContain("--rules");
        Files.writeString(directory.root().resolve("rules.yaml"), "tables: {}\n");
        assertThat(jobCommand())
                .containsSubsequence("--class", "dev.tenantlake.etl.LakeJob", "spark-internal")
                .containsSequence(
                        "--rules", directory.root().resolve("rules.yaml").toString());
    }

    private List<String> jobCommand() {
        return modules.etlJobs(directory, SERVICES).command();
    }
}
