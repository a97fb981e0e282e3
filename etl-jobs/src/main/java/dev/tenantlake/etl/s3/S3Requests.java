package dev.tenantlake.etl.s3;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.fs.statistics.StoreStatisticNames;

/** Counts the requests that Spark and Hudi make to S3 in this process, by what they ask for. */
public final class S3Requests {

    /** By operation, what Hadoop's connector calls its requests. */
    private static final Map<String, List<String>> COUNTERS = Map.of(
            "list",
            List.of(StoreStatisticNames.OBJECT_LIST_REQUEST, StoreStatisticNames.OBJECT_CONTINUE_LIST_REQUEST),
            "head",
            List.of(StoreStatisticNames.OBJECT_METADATA_REQUESTS),
            "get",
            List.of(StoreStatisticNames.ACTION_HTTP_GET_REQUEST),
            "put",
            List.of(StoreStatisticNames.OBJECT_PUT_REQUEST),
            "delete",
            List.of(StoreStatisticNames.OBJECT_DELETE_REQUEST, StoreStatisticNames.OBJECT_BULK_DELETE_REQUEST));

    private final URI root;
    private final Configuration configuration;

    /**
     * The requests to a bucket.
     *
     * @param root the bucket's address for Hadoop's file systems
     */
    public S3Requests(URI root, Configuration configuration) {
        this.root = requireNonNull(root, "root");
        this.configuration = requireNonNull(configuration, "configuration");
    }

    /** By operation, how many there were since the process began. */
    public Map<String, Long> count() {
        Map<String, Long> counters;
        try {
            // Hadoop has one file system for each bucket.
            counters = ((IOStatisticsSource) FileSystem.get(root, configuration))
                    .getIOStatistics()
                    .counters();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Long> requests = new LinkedHashMap<>();
        COUNTERS.forEach((operation, names) -> requests.put(
                operation,
                names.stream()
                        .mapToLong(name -> counters.getOrDefault(name, 0L))
                        .sum()));
        return requests;
    }
}
