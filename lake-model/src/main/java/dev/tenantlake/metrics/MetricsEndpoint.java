package dev.tenantlake.metrics;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/**
 * Serves what a process tells of itself at {@code /metrics}, in the format that Prometheus reads; besides the metrics of
 * the process's own registry those of its JVM: heap, collections, threads.
 */
public final class MetricsEndpoint implements AutoCloseable {

    private final HTTPServer server;
    private final URI address;

    private MetricsEndpoint(HTTPServer server, URI address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Begins to serve a registry. The JVM's metrics are added to it.
     *
     * @param host the address to listen on, as a name or in digits
     * @param port the port to listen on; 0 for any that is free
     * @throws LakeException of kind {@code IN_USE} if the port cannot be listened on, of kind {@code WRONG_USAGE} if there
     *     is no such address
     */
    public static MetricsEndpoint open(String host, int port, PrometheusRegistry registry) {
        requireNonNull(registry, "registry");
        InetAddress interfaceAddress = address(host);
        JvmMetrics.builder().register(registry);
        try {
            HTTPServer server = HTTPServer.builder()
                    .inetAddress(interfaceAddress)
                    .port(port)
                    .registry(registry)
                    .buildAndStart();
            return new MetricsEndpoint(server, URI.create("http://" + host + ":" + server.getPort() + "/metrics"));
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "metrics cannot be served on " + host + ":" + port + " (" + e.getMessage()
                            + "); choose another --metrics-port, or 0 for any that is free",
                    e);
        }
    }

    /** Where the metrics are: {@code http://host:port/metrics}. */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        server.close();
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--metrics-address is '" + host + "': expected an address of this machine, such as 127.0.0.1",
                    e);
        }
    }
}
