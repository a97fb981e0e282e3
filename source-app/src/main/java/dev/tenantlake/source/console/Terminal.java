package dev.tenantlake.source.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks on. */
final class Terminal {

    private static final Path STANDARD_ERROR = Path.of("/dev/fd/2");

    private Terminal() {}

    /**
     * Whether standard error is a terminal. Java 17 only tells whether standard input and output both are; where standard
     * error goes is read from the system's own entry for it.
     */
    static boolean isStandardError() {
        if (System.console() == null) {
            return false;
        }
        try {
            String target = STANDARD_ERROR.toRealPath().toString();
            // Linux resolves it to the terminal's device; macOS leaves it as it is.
            return target.startsWith("/dev/") && !target.equals("/dev/null") && !Files.isRegularFile(STANDARD_ERROR);
        } catch (IOException notAFile) {
            // A pipe or a socket.
            return false;
        }
    }
}
