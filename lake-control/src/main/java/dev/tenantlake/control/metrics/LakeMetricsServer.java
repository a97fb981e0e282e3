package dev.tenantlake.control.metrics;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.control.lake.LakeStatus;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what the lake tells of itself at {@code /metrics}: its status, and what the services' own endpoints say. It asks
 * when it is asked.
 */
public final class LakeMetricsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LakeMetricsServer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final DataDirectory directory;
    private final Map<String, Integer> services = new LinkedHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "metrics");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private LakeMetricsServer(DataDirectory directory, int firstPort, HttpServer server) {
        this.directory = requireNonNull(directory, "directory");
        this.server = requireNonNull(server, "server");
        services.put("cdc-ingest", LakePorts.ingestMetrics(firstPort));
        services.put("etl-jobs", LakePorts.jobMetrics(firstPort));
    }

    /**
     * Begins to serve, on loopback.
     *
     * @param firstPort of the lake
     * @throws LakeException of kind {@code IN_USE} if its port is taken
     */
    public static LakeMetricsServer start(DataDirectory directory, int firstPort) {
        int port = LakePorts.metrics(firstPort);
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            LakeMetricsServer metrics = new LakeMetricsServer(directory, firstPort, server);
            server.setExecutor(metrics.threads);
            server.createContext("/metrics", metrics::serve);
            server.start();
            return metrics;
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "port " + port + " of 127.0.0.1, for the lake's metrics, cannot be listened on (" + e.getMessage()
                            + "): choose others with --port",
                    e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] text = text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        } catch (RuntimeException e) {
            LOG.warn("event=metrics_not_served reason=\"{}\"", e.getMessage());
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private String text() {
        Exposition exposition = new Exposition();
        exposition.add(LakeGauges.text(LakeStatus.of(directory)));
        services.forEach((service, port) -> fetch(port).ifPresent(text -> {
            try {
                exposition.add(text, service);
            } catch (IllegalArgumentException e) {
                LOG.warn("event=service_metrics_unreadable service={} reason=\"{}\"", service, e.getMessage());
            }
        }));
        return exposition.text();
    }

    /** What a service says of itself, if it answers. */
    private Optional<String> fetch(int port) {
        HttpRequest request = HttpRequest.newBuilder(LakePorts.address(port))
                .timeout(PATIENCE)
                .header("Accept", "text/plain")
                .build();
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return Optional.of(response)
                    .filter(answer -> answer.statusCode() == 200)
                    .map(HttpResponse::body);
        } catch (IOException e) {
            // It is not there yet, or not any more; tenantlake_service_up says so.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
