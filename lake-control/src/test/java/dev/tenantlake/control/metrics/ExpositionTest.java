package dev.tenantlake.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.metrics.MetricsEndpoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One valid text of the texts of several processes. */
class ExpositionTest {

    @Test
    void declaresEachFamilyOnceAndSaysWhoseASampleIs() {
        Exposition exposition = new Exposition();
        exposition.add("""
                # HELP jvm_threads Threads.
                # TYPE jvm_threads gauge
                jvm_threads{state="new"} 1
                """);
        exposition.add("""
                # HELP jvm_threads Threads.
                # TYPE jvm_threads gauge
                jvm_threads{state="new"} 2
                # TYPE rows_total counter
                rows_total 3
                """, "cdc-ingest");
        assertThat(exposition.text()).isEqualTo("""
                # HELP jvm_threads Threads.
                # TYPE jvm_threads gauge
                jvm_threads{state="new"} 1
                jvm_threads{service="cdc-ingest",state="new"} 2
                # TYPE rows_total counter
                rows_total{service="cdc-ingest"} 3
                """);
    }

    @Test
    void keepsTheSamplesOfAHistogramWithItsFamily() {
        Exposition exposition = new Exposition();
        String text = """
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="1.0"} 2
                wait_seconds_bucket{le="+Inf"} 3
                wait_seconds_sum 4.5
                wait_seconds_count 3
                """;
        exposition.add(text, "etl-jobs");
        exposition.add(text, "cdc-ingest");
        MetricsText.requireValid(exposition.text());
        assertThat(exposition.text().lines())
                .hasSize(9)
                .filteredOn(line -> line.startsWith("#"))
                .hasSize(1);
    }

    @Test
    void leavesOutAFamilyThatMeansSomethingElse() {
        Exposition exposition = new Exposition();
        exposition.add("# TYPE x gauge\nx 1\n");
        exposition.add("# TYPE x counter\nx 2\n", "etl-jobs");
        assertThat(exposition.text()).isEqualTo("# TYPE x gauge\nx 1\n");
    }

    @Test
    void refusesWhatIsNoSample() {
        assertThatThrownBy(() -> new Exposition().add("<html>", "etl-jobs"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<html>");
    }

    @Test
    void joinsWhatTheServicesReallyServe() throws Exception {
        Exposition exposition = new Exposition();
        for (String service : List.of("cdc-ingest", "etl-jobs")) {
            PrometheusRegistry registry = new PrometheusRegistry();
            Counter.builder()
                    .name("tenantlake_failures_total")
                    .help("Failures; \\ and\nlines.")
                    .labelNames("why")
                    .register(registry)
                    .labelValues("a \"quoted\", {odd} = value\n")
                    .inc();
            Histogram.builder()
                    .name("tenantlake_wait_seconds")
                    .register(registry)
                    .observe(0.3);
            try (MetricsEndpoint endpoint = MetricsEndpoint.open("127.0.0.1", 0, registry)) {
                exposition.add(get(endpoint.address().getPort()), service);
            }
        }
        MetricsText.requireValid(exposition.text());
        assertThat(exposition.text())
                .contains("tenantlake_failures_total{service=\"cdc-ingest\",why=")
                .contains("tenantlake_failures_total{service=\"etl-jobs\",why=")
                .containsOnlyOnce("# TYPE jvm_memory_used_bytes gauge");
    }

    private static String get(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(LakePorts.address(port)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
