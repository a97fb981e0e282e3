package dev.tenantlake.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a service that say whether and where it tells of itself; for picocli's {@code @Mixin}. */
public final class MetricsOptions {

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve metrics in Prometheus' format at /metrics on this port; 0 for any that is free."
                    + " Default: none are served")
    private Integer port;

    @Option(
            names = "--metrics-address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to serve metrics on. Default: ${DEFAULT-VALUE}, this machine alone")
    private String address;

    /**
     * Serves a registry, if that is asked for; the caller closes it.
     *
     * @throws dev.tenantlake.model.LakeException as {@link MetricsEndpoint#open}
     */
    public Optional<MetricsEndpoint> open(PrometheusRegistry registry) {
        return Optional.ofNullable(port).map(wanted -> MetricsEndpoint.open(address, wanted, registry));
    }
}
