package dev.tenantlake.query.metric;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The metrics that there are: one file each, {@code metrics/<name>.sql} on the class path. */
public final class MetricCatalog {

    private final SortedMap<String, Metric> metrics;

    private MetricCatalog(SortedMap<String, Metric> metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /**
     * Reads all of them.
     *
     * @throws MalformedMetricException if one is not as it has to be
     */
    public static MetricCatalog load() {
        try {
            URI folder = requireNonNull(MetricCatalog.class.getResource("/metrics"), "metrics on the class path")
                    .toURI();
            if (folder.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                    return read(jar.getPath("/metrics"));
                }
            }
            return read(Path.of(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MetricCatalog read(Path folder) throws IOException {
        SortedMap<String, Metric> metrics = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Metric metric = MetricFile.parse(file.getFileName().toString(), Files.readString(file));
                metrics.put(metric.name(), metric);
            }
        }
        return new MetricCatalog(metrics);
    }

    /** All metrics in the order of their names. */
    public List<Metric> all() {
        return List.copyOf(metrics.values());
    }

    /**
     * The metric of that name.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there is none; it names the ones with a name like that
     */
    public Metric named(String name) {
        Metric metric = metrics.get(name);
        if (metric == null) {
            List<String> close = CloseNames.to(name, metrics.keySet());
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "there is no metric '" + name + "': "
                            + (close.isEmpty()
                                    ? "expected one of " + String.join(", ", metrics.keySet())
                                    : "did you mean " + String.join(" or ", close)
                                            + "? The command metrics lists them all"));
        }
        return metric;
    }
}
