package dev.tenantlake.etl;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the process end on SIGTERM or SIGINT when the commit in hand is done. The signals are taken themselves, and not
 * by way of the JVM's shutdown hooks: once those run, Hadoop and Hudi cannot finish a commit any more.
 */
final class OrderlyStop {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);

    private final CountDownLatch requested = new CountDownLatch(1);

    private OrderlyStop() {}

    /** A stop that is requested only by {@link #request()}. */
    static OrderlyStop onRequest() {
        return new OrderlyStop();
    }

    /** A stop that is requested when the process is told to end. */
    static OrderlyStop onTermination() {
        OrderlyStop stop = new OrderlyStop();
        for (String signal : new String[] {"TERM", "INT"}) {
            new IrqHandler(signal, taken -> {
                        LOG.info("event=stop_requested signal={}", taken.getName());
                        stop.request();
                    })
                    .bind();
        }
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

    /** Waits, but not longer than until the stop is requested. */
    void await(Duration atMost) {
        try {
            if (requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("event=wait_ended reason=stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            request();
        }
    }
}
