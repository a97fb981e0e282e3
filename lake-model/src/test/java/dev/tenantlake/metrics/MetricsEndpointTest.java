package dev.tenantlake.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MetricsEndpointTest {

    @Test
    void servesWhatTheRegistryHoldsAndTheJvm() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        Counter counter = Counter.builder()
                .name("tenantlake_test_rows_total")
                .help("Rows.")
                .labelNames("table")
                .register(registry);
        counter.labelValues("orders").inc(42);

        try (MetricsEndpoint endpoint = MetricsEndpoint.open("127.0.0.1", 0, registry)) {
            assertThat(get(endpoint))
                    .contains("# TYPE tenantlake_test_rows_total counter")
                    .contains("tenantlake_test_rows_total{table=\"orders\"} 42.0")
                    .contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void saysWhenThePortIsTaken() {
        try (MetricsEndpoint first = MetricsEndpoint.open("127.0.0.1", 0, new PrometheusRegistry())) {
            int port = first.address().getPort();

            assertThatThrownBy(() -> MetricsEndpoint.open("127.0.0.1", port, new PrometheusRegistry()))
                    .isInstanceOfSatisfying(
                            LakeException.class,
                            refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.IN_USE))
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("choose another --metrics-port");
        }
    }

    @Test
    void servesNothingUnlessAsked() {
        Service service = new Service();
        new CommandLine(service).parseArgs();
        assertThat(service.metrics.open(new PrometheusRegistry())).isEmpty();

        new CommandLine(service).parseArgs("--metrics-port", "0");
        try (MetricsEndpoint endpoint =
                service.metrics.open(new PrometheusRegistry()).orElseThrow()) {
            assertThat(endpoint.address().getHost()).isEqualTo("127.0.0.1");
        }
    }

    private static String get(MetricsEndpoint endpoint) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(endpoint.address()).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @Command(name = "service")
    private static final class Service {
        @Mixin
        private MetricsOptions metrics;
    }
}
