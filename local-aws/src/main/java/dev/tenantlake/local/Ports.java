package dev.tenantlake.local;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The three ports, one after the other; all 0 for any that are free.
 *
 * @param aws of the AWS services but S3
 */
record Ports(int aws) {

    private static final int HIGHEST = 65535;

    /** @throws LakeException of kind {@code WRONG_USAGE} if there are no such ports */
    Ports {
        if (aws < 0 || aws > HIGHEST - 2) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--port is " + aws + ": expected 1 to " + (HIGHEST - 2)
                            + ", the first of three ports, or 0 for any that are free");
        }
    }

    int s3() {
        return aws == 0 ? 0 : aws + 1;
    }

    int postgres() {
        return aws == 0 ? 0 : aws + 2;
    }

    /** @throws LakeException of kind {@code IN_USE} if something listens on one of them */
    void requireFree() {
        if (aws == 0) {
            return;
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("the AWS services", aws());
        ports.put("S3", s3());
        ports.put("Postgres", postgres());
        ports.forEach(Ports::requireFree);
    }

    private static void requireFree(String service, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "port " + port + " of 127.0.0.1, for " + service
                            + ", is in use: stop what listens there, or choose other ports with --port",
                    e);
        }
    }
}
