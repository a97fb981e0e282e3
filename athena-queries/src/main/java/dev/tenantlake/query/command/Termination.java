package dev.tenantlake.query.command;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the signals that end a process, Ctrl-C and SIGTERM, into a request to stop, and keeps the process until who
 * works has heard it and is done.
 */
public final class Termination implements AutoCloseable {

    /** An end of what is being done takes a call or two; whoever sent the signal is not kept waiting for longer. */
    private static final long SECONDS_TO_END = 20;

    private final StopRequest stop = new StopRequest();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Termination(Ending ending) {
        requireNonNull(ending, "ending");
        this.hook = new Thread(() -> end(ending), "termination");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Hears the process's signals from now until it is closed. */
    public static Termination of(Ending ending) {
        return new Termination(ending);
    }

    /** What the process says when it was ended by a signal. */
    public enum Ending {
        /** That it was interrupted: the work was not done. */
        INTERRUPTED,
        /** That it is done: a service is ended like that. */
        DONE
    }

    /** Is made when the process is to end. */
    public StopRequest stopRequest() {
        return stop;
    }

    private void end(Ending ending) {
        stop.make();
        try {
            if (!done.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
                System.err.println("ended before it was done: it took longer than " + SECONDS_TO_END + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        if (ending == Ending.DONE) {
            // The Java VM would exit with 143 after a SIGTERM.
            Runtime.getRuntime().halt(0);
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has just been told that it may.
            stop.make();
        }
    }
}
