package dev.tenantlake.local.engine;

import java.io.IOException;

/**
 * Runs in Trino's own process: starts the server, and ends it at once when the process that started it is gone,
 * however it went. That one holds the other end of the standard input, which the system closes with it.
 *
 * <p>It is all of ours that is on Trino's class path, so it uses nothing but the JDK.
 */
public final class TrinoLauncher {

    private static final String SERVER = "io.trino.server.TrinoServer";

    private TrinoLauncher() {}

    /** Starts the server with the arguments. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(TrinoLauncher::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Class.forName(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            System.err.println("the standard input cannot be read: " + e.getMessage());
        }
        // Not an orderly end: there is nothing to hand over, and nobody left to wait for it.
        Runtime.getRuntime().halt(1);
    }
}
