package dev.tenantlake.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LayerPositions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** The commands on a lake that has no tables yet. */
class LakeCommandsTest {

    private static LocalAwsProcess aws;

    @BeforeAll
    static void start(@TempDir Path directory) {
        aws = LocalAwsProcess.start(directory, false);
        try (AwsClients admin = new AwsClients(
                        LakeConfig.from(aws.environment("admin")),
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(aws.accessKeyId("admin"), aws.secretAccessKey("admin"))));
                S3Client s3 = admin.s3()) {
            new LayerPositions(s3, admin.config().layout())
                    .writeGrants(new GrantsPosition(1, Instant.EPOCH, List.of(), List.of("acme-tools", "beta")));
        }
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @Test
    void saysWhoIsOnboardedToWhoAsksAsSomebodyElse() {
        assertThat(Cli.run(aws.environment("admin"), "query", "revenue_growth", "--as", "analyst:nobody"))
                .isEqualTo(new Cli.Outcome(
                        2,
                        "",
                        "athena-queries: tenant 'nobody' is not onboarded: expected one of acme-tools, beta, or run"
                                + " grants apply if it is new\n"));
    }

    @Test
    void saysThatARoleMayNotBeAssumed() {
        Cli.Outcome outcome =
                Cli.run(aws.environment("admin"), "query", "revenue_growth", "--as", "analyst:acme-tools");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("athena-queries: may not act as analyst:acme-tools: ")
                .contains("tenantlake-analyst-acme-tools");
    }

    @Test
    void saysThatTheLakeHasNoTenantsYet() {
        assertThat(Cli.run(aws.environment("admin"), "grants", "apply"))
                .isEqualTo(new Cli.Outcome(
                        1,
                        "",
                        "athena-queries: the lake has no table silver.tenants yet: expected it in the Glue Data"
                                + " Catalog; run the silver job first\n"));
    }

    @Test
    void saysWhatAWorkgroupRefuses() {
        Cli.Outcome outcome = Cli.run(aws.environment("pipeline"), "query", "--sql", "SELECT 1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .singleElement()
                .asString()
                .startsWith("athena-queries: the query was denied in workgroup tenantlake: ");
    }

    @Test
    void watchesUntilItIsEndedAndEndsWell() throws IOException {
        try (Cli.Running running = Cli.start(aws.environment("admin"), "grants", "apply", "--watch", "50ms")) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.readString(running.err()).contains("event=grants_wait_for_tenants")
                    && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
            running.process().destroy();
            Cli.Outcome outcome = running.await();
            assertThat(outcome.err().lines()).singleElement().asString().endsWith("event=grants_wait_for_tenants");
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.exitCode()).isZero();
        }
    }
}
