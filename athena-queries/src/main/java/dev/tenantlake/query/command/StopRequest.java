package dev.tenantlake.query.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets another thread ask for an end. Who works waits on it, in place of sleeping, and so hears of it at once. */
public final class StopRequest {

    private final CountDownLatch made = new CountDownLatch(1);

    /** Asks for an end; asking again changes nothing. */
    public void make() {
        made.countDown();
    }

    /** Whether somebody asked. */
    public boolean isMade() {
        return made.getCount() == 0;
    }

    /**
     * Waits so long, or until somebody asks. An interrupt of the thread is taken for asking, and stays set.
     *
     * @return whether somebody asked
     */
    public boolean await(Duration duration) {
        try {
            return made.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            make();
            return true;
        }
    }
}
