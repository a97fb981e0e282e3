package io.trino.server;

import java.util.concurrent.locks.LockSupport;

/** Stands where Trino's server is: runs until it is ended. */
public final class TrinoServer {

    private TrinoServer() {}

    /** Says its arguments, and runs on. */
    public static void main(String[] arguments) {
        System.out.println("started " + String.join(" ", arguments));
        while (true) {
            LockSupport.park();
        }
    }
}
