package dev.tenantlake.etl;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the process end on SIGTERM or SIGINT when the commit in hand is done, and with the exit code of the job rather
 * than the signal's. Spark and Hadoop stop themselves from hooks of Hadoop's {@link ShutdownHookManager}, the higher
 * priority first; this one's come before and after all of those.
 */
final class OrderlyStop {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);

    private static final int BEFORE_SPARK = 100;
    private static final int LAST = 1;
    /** A commit takes seconds; one that takes longer than this is as good as dead, and can be killed safely. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(1);

    private volatile boolean terminated;

    private OrderlyStop() {}

    /** A stop that is requested only by {@link #request()}. */
    static OrderlyStop onRequest() {
        return new OrderlyStop();
    }

    /** A stop that is requested when the process is told to end. */
    static OrderlyStop onTermination() {
        OrderlyStop stop = new OrderlyStop();
        ShutdownHookManager hooks = ShutdownHookManager.get();
        hooks.addShutdownHook(stop::requestAndWait, BEFORE_SPARK, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        hooks.addShutdownHook(stop::haltIfTerminated, LAST);
        return stop;
    }

    /** Asks for the stop. */
    void request() {
        requested.countDown();
    }

    /** Whether the job is to end as soon as it can. */
    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits, but not longer than until the stop is requested.
     *
     * @return whether it is
     */
    boolean await(Duration atMost) {
        try {
            return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Says that the job is done, so that the process may end with this code. */
    void finished(int code) {
        exitCode.set(code);
        finished.countDown();
    }

    private void requestAndWait() {
        if (finished.getCount() == 0) {
            return;
        }
        LOG.info("event=stop_requested");
        terminated = true;
        request();
        try {
            if (!finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("event=stop_forced reason=\"the commit in hand took longer than {}\"", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A process that a signal ends has the signal's exit code unless it halts itself. */
    private void haltIfTerminated() {
        if (terminated) {
            Runtime.getRuntime().halt(exitCode.get());
        }
    }
}
