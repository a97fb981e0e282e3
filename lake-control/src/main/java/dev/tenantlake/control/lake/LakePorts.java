package dev.tenantlake.control.lake;

import java.net.URI;

/** Which loopback ports a lake has: six in a row, the first of them AWS' endpoint. */
public final class LakePorts {

    /** How many there are. */
    public static final int COUNT = 6;

    private LakePorts() {}

    /** Where the lake tells its metrics, after S3's port and Postgres'. */
    public static int metrics(int first) {
        return first + 3;
    }

    /** Where cdc-ingest tells its own. */
    public static int ingestMetrics(int first) {
        return first + 4;
    }

    /** Where the Spark job tells its own. */
    public static int jobMetrics(int first) {
        return first + 5;
    }

    /** The address of the lake's metrics. */
    public static URI metricsAddress(int first) {
        return address(metrics(first));
    }

    /** The address of the metrics at a port. */
    public static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port + "/metrics");
    }
}
