package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.source.SlotMetrics;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.ingest.stream.ProgressKeeper;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalAwsExtension.class)
class ProgressKeeperTest {

    private static final long MEBIBYTE = 1 << 20;

    @Test
    void marksTheLogWhenOthersWriteAndNothingOfOursComes(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE public.theirs (body text)", "CREATE PUBLICATION tenantlake");
        lake.query("SELECT pg_create_logical_replication_slot('" + lake.name() + "', 'pgoutput')");
        SlotMetrics metrics = new SlotMetrics(new PrometheusRegistry());
        AtomicLong transactions = new AtomicLong();
        String marks = "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('" + lake.name()
                + "', NULL, NULL, 'proto_version', '1', 'publication_names', 'tenantlake', 'messages', 'true')"
                + " WHERE get_byte(data, 0) = ascii('M')";
        try (SourceSession session = SourceSession.open(lake.config().postgres(), lake.name());
                ProgressKeeper keeper = new ProgressKeeper(
                        session,
                        lake.name(),
                        MEBIBYTE,
                        transactions::incrementAndGet,
                        Duration.ofMillis(20),
                        metrics)) {
            assertThat(keeper).isNotNull();
            lake.sql("INSERT INTO public.theirs SELECT repeat(md5(g::text), 30) FROM generate_series(1, 3000) g");
            Await.until("it looked", () -> transactions.get() > 5);
            assertThat(lake.query(marks))
                    .as("while transactions of ours come, their ends are confirmed")
                    .isEqualTo("0");
        }
        try (SourceSession session = SourceSession.open(lake.config().postgres(), lake.name());
                ProgressKeeper keeper =
                        new ProgressKeeper(session, lake.name(), MEBIBYTE, () -> 0, Duration.ofMillis(20), metrics)) {
            assertThat(keeper).isNotNull();
            Await.until("a mark", () -> !lake.query(marks).equals("0"));
        }
    }
}
