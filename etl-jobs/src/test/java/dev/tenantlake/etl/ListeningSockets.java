package dev.tenantlake.etl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a process listens on, by Linux' account of it. */
final class ListeningSockets {

    private static final String LOOPBACK = "0100007F:";

    private ListeningSockets() {}

    /** The addresses, as Linux writes them, other than the loopback's that a process listens on. */
    static List<String> beyondThisMachine(long pid) throws IOException {
        return of(pid).stream().filter(address -> !address.startsWith(LOOPBACK)).toList();
    }

    /** The addresses that a process listens on. */
    static List<String> of(long pid) throws IOException {
        List<String> sockets;
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            sockets = descriptors
                    .map(ListeningSockets::target)
                    .filter(name -> name.startsWith("socket:"))
                    .toList();
        }
        List<String> found = new ArrayList<>();
        for (String family : new String[] {"tcp", "tcp6"}) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + family))) {
                String[] fields = line.strip().split("\\s+");
                boolean listening = fields.length > 9 && fields[3].equals("0A");
                if (listening && sockets.contains("socket:[" + fields[9] + "]")) {
                    found.add(fields[1]);
                }
            }
        }
        return found;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The descriptor was closed in the meantime.
            return "";
        }
    }
}
