package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.EpochManifest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a process tells of itself is what it did. */
@ExtendWith(LocalAwsExtension.class)
class MetricsTest {

    private static final Pattern SERVED = Pattern.compile("event=metrics_served address=(\\S+)");

    @Test
    void areWhatWasWritten(TestLake lake, @TempDir Path folder) throws Exception {
        lake.sql("CREATE TABLE shop.measured (id int PRIMARY KEY, note text)");
        lake.publish("shop.measured");
        lake.sql("INSERT INTO shop.measured VALUES (1, 'a'), (2, 'b')");
        try (IngestProcess ingest = IngestProcess.start(lake, folder, "--metrics-port", "0")) {
            Await.until("the snapshot", () -> lake.log().latestEpoch() > 0);
            lake.transaction("INSERT INTO shop.measured VALUES (3, 'c')", "UPDATE shop.measured SET note = 'd'");
            lake.sql("DELETE FROM shop.measured WHERE id = 1", "TRUNCATE shop.measured");
            ReloadCommand.request(lake.s3(), lake.layout(), List.of("measured"));
            Await.until(
                    "the load",
                    () -> lake.epochs().stream().anyMatch(epoch -> epoch.kind() == EpochManifest.Kind.LOAD));
            URI address = URI.create(served(ingest));
            assertThat(address.getHost()).isEqualTo("127.0.0.1");

            List<EpochManifest> epochs = lake.epochs();
            Await.until(
                    "the last epoch is told of",
                    () -> read(address)
                            .getOrDefault("tenantlake_bronze_epoch", 0.0)
                            .equals((double) lake.log().latestEpoch()));
            Map<String, Double> told = read(address);
            Map<String, Long> rows = lake.bronze()
                    .of("measured")
                    .collect(Collectors.groupingBy(BronzeRows.Row::operation, Collectors.counting()));
            assertThat(rows).containsKeys("r", "c", "u", "d", "t");
            rows.forEach((operation, count) -> assertThat(told)
                    .containsEntry("tenantlake_bronze_rows_total{op=\"" + operation + "\",table=\"measured\"}", (double)
                            count));
            assertThat(told.get("tenantlake_bronze_bytes_total"))
                    .isEqualTo(epochs.stream()
                            .flatMap(epoch -> epoch.tables().values().stream())
                            .flatMap(slice -> slice.files().stream())
                            .mapToDouble(EpochManifest.DataFile::bytes)
                            .sum());
            assertThat(told.get("tenantlake_bronze_delay_seconds_count"))
                    .isEqualTo(told.get("tenantlake_bronze_epochs_total{kind=\"stream\"}"))
                    .isEqualTo(told.get("tenantlake_bronze_publish_seconds_count"))
                    .isPositive();
            assertThat(told)
                    .containsEntry("tenantlake_bronze_epochs_total{kind=\"snapshot\"}", 1.0)
                    .containsEntry("tenantlake_bronze_epochs_total{kind=\"load\"}", 1.0)
                    .containsEntry("tenantlake_bronze_load_rows_total{kind=\"snapshot\"}", 2.0)
                    .containsEntry("tenantlake_bronze_table_carried{table=\"measured\"}", 1.0)
                    .containsEntry("tenantlake_bronze_restarts_total", 0.0)
                    .containsEntry("tenantlake_source_reconnects_total", 0.0)
                    .containsKeys("tenantlake_source_slot_lag_bytes", "tenantlake_source_slot_retained_bytes");
            assertThat(told.get("tenantlake_source_slot_limit_bytes"))
                    .isEqualTo(Double.parseDouble(lake.query("SELECT setting::bigint * 1048576 FROM pg_settings"
                            + " WHERE name = 'max_slot_wal_keep_size'")));
        }
    }

    private static String served(IngestProcess ingest) {
        Await.until("metrics are served", () -> SERVED.matcher(ingest.output()).find());
        Matcher line = SERVED.matcher(ingest.output());
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    private static Map<String, Double> read(URI address) {
        try {
            String body = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            return body.lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.lastIndexOf(' ')),
                            line -> Double.parseDouble(
                                    line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity"))));
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
