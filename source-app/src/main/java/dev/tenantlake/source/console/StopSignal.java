package dev.tenantlake.source.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a command that runs until it is stopped end in good order on SIGINT and SIGTERM: with what it was at done, its
 * result printed, and the exit code that it would have had anyway. A command that does not ask for it is ended by the
 * signal as ever.
 */
public final class StopSignal {

    private static final int SECONDS_TO_END = 20;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::signalled, "stop-signal");
    private volatile Thread worker;
    private volatile boolean requested;
    private volatile int exitCode;

    /** One that hears the signals sent to this process. */
    public static StopSignal ofProcess() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** One that nobody but a call of {@link #request} ever sets. */
    public static StopSignal never() {
        return new StopSignal();
    }

    private StopSignal() {}

    /** Says that the calling thread will look at {@link #requested}; it is woken up if it is parked then. */
    public void listen() {
        worker = Thread.currentThread();
    }

    /** Whether it is time to end. */
    public boolean requested() {
        return requested;
    }

    /** Asks the command to end. */
    public void request() {
        requested = true;
        LockSupport.unpark(worker);
    }

    /** Ends the process, as its last act. */
    public void exit(int code) {
        exitCode = code;
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException signalled) {
            // The hook ends the process with that code.
            return;
        }
        System.exit(code);
    }

    private void signalled() {
        if (worker == null) {
            return;
        }
        request();
        try {
            if (ended.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
