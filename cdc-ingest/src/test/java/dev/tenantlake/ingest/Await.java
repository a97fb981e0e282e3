package dev.tenantlake.ingest;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something to come about, looking again and again. */
final class Await {

    private static final Duration AT_MOST = Duration.ofSeconds(120);

    private Await() {}

    /** Waits until it is so; fails with what was waited for if it takes two minutes. */
    static void until(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + AT_MOST.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Lets time pass, where what is shown is that nothing happens in it. */
    static void pass(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
    }
}
