package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source or a lake that goes away in the middle. */
@ExtendWith(LocalAwsExtension.class)
class OutageTest {

    @BeforeEach
    void createTable(TestLake lake) {
        lake.sql("CREATE TABLE shop.things (id int PRIMARY KEY)");
        lake.publish("shop.things");
    }

    @Test
    void ofPostgresIsWaitedOut(TestLake lake) throws Exception {
        try (TcpRelay relay =
                TcpRelay.to("127.0.0.1", Integer.parseInt(lake.environment().get("PGPORT")))) {
            Map<String, String> throughRelay = Map.of(
                    "PGPORT",
                    String.valueOf(relay.port()),
                    "PGPASSWORD",
                    lake.local().postgresPassword());
            try (IngestRun run = IngestRun.start(lake, lake.config(throughRelay, IngestConfig.RETRY_FOR, "1m"))) {
                run.loaded();
                lake.sql("INSERT INTO shop.things VALUES (1)");
                EpochManifest before = run.caughtUp();
                relay.cut();
                lake.sql("INSERT INTO shop.things VALUES (2)", "INSERT INTO shop.things VALUES (3)");
                assertThat(lake.log().latestEpoch()).isEqualTo(before.epoch());
                relay.restore();
                run.caughtUp();
                lake.sql("INSERT INTO shop.things VALUES (4)");
                run.caughtUp();
            }
            assertThat(lake.bronze().of("things").map(row -> row.value("id"))).containsExactly(1, 2, 3, 4);

            try (IngestRun run = IngestRun.start(lake, lake.config(throughRelay, IngestConfig.RETRY_FOR, "1s"))) {
                lake.sql("INSERT INTO shop.things VALUES (5)");
                run.caughtUp();
                relay.cut();
                assertThat(run.refusal())
                        .hasMessageMatching("Postgres at 127\\.0\\.0\\.1:\\d+ does not answer: .*; gave up after 1 s"
                                + " \\(--retry-for\\)\\. Nothing is lost: start cdc-ingest again when it answers")
                        .extracting(LakeException::kind)
                        .isEqualTo(LakeException.Kind.UNAVAILABLE);
            }
            try (IngestRun run = IngestRun.start(lake, lake.config(throughRelay, IngestConfig.RETRY_FOR, "1m"))) {
                assertThat(run.refusal())
                        .as("it never answered, so nothing is waited for")
                        .hasMessageContaining("does not answer");
            }
        }
    }

    @Test
    void ofTheLakeIsWaitedOut(TestLake lake) throws Exception {
        URI s3 = URI.create(lake.environment().get(LakeConfig.S3_ENDPOINT));
        try (TcpRelay relay = TcpRelay.to(s3.getHost(), s3.getPort())) {
            IngestConfig config = lake.config(
                    Map.of(LakeConfig.S3_ENDPOINT, "http://127.0.0.1:" + relay.port()), IngestConfig.RETRY_FOR, "1m");
            try (IngestRun run = IngestRun.start(lake, config)) {
                run.loaded();
                lake.sql("INSERT INTO shop.things VALUES (1)");
                run.caughtUp();
                relay.cut();
                lake.sql("INSERT INTO shop.things VALUES (2)");
                Await.until("it noticed", () -> run.attempts() > 1);
                relay.restore();
                lake.sql("INSERT INTO shop.things VALUES (3)");
                run.caughtUp();
            }
        }
        assertThat(lake.bronze().of("things").map(row -> row.value("id"))).containsExactly(1, 2, 3);
    }
}
