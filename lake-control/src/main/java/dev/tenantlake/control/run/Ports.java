package dev.tenantlake.control.run;

import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The loopback ports of a lake: AWS' endpoint at one, S3 at the next, Postgres at the one after that, then the metrics of
 * the lake, of cdc-ingest and of the Spark job.
 */
public final class Ports {

    private static final int COUNT = LakePorts.COUNT;
    private static final int HIGHEST = 65535;
    /** Below those that operating systems give to outgoing connections. */
    private static final int LOWEST_EPHEMERAL = 15000;

    private static final int HIGHEST_EPHEMERAL = 32000;
    private static final int ATTEMPTS = 200;

    private Ports() {}

    /**
     * Checks that there are such ports.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there are not
     */
    public static void requireInRange(int first) {
        if (first < 1 || first > HIGHEST - COUNT + 1) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--port " + first + ": expected a number from 1 to " + (HIGHEST - COUNT + 1) + ", since the "
                            + (COUNT - 1) + " ports after it are used too; or 0 for any that are free");
        }
    }

    /**
     * Checks that the ports from that on are free.
     *
     * @throws LakeException of kind {@code IN_USE} if one is taken
     */
    public static void requireFree(int first) {
        for (int port = first; port < first + COUNT; port++) {
            if (!isFree(port)) {
                throw new LakeException(
                        LakeException.Kind.IN_USE,
                        "port " + port + " of 127.0.0.1 is in use by another program; the lake needs " + first + " to "
                                + (first + COUNT - 1) + ": choose others with --port");
            }
        }
    }

    /** The first of as many ports in a row that are free now. */
    public static int findFree() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST_EPHEMERAL, HIGHEST_EPHEMERAL);
            if (IntStream.range(first, first + COUNT).allMatch(Ports::isFree)) {
                return first;
            }
        }
        throw new LakeException(
                LakeException.Kind.IN_USE,
                "no " + COUNT + " free ports in a row were found on 127.0.0.1; name them with --port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the services themselves bind, so that a port that a closed connection lingers on is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
