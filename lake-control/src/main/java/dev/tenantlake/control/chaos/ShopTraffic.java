package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.process.ProcessEnd;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.run.Modules;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The shop's own traffic in a process of its own, which ends when Postgres goes away and is started again. */
final class ShopTraffic implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration BEFORE_TRYING_AGAIN = Duration.ofSeconds(1);

    private final Modules modules;
    private final RunningLake lake;
    private final int rate;
    private final long seed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::keepRunning, "shop-traffic");
    /** Guarded by this. */
    private Process process;

    private ShopTraffic(Modules modules, RunningLake lake, int rate, long seed) {
        this.modules = requireNonNull(modules, "modules");
        this.lake = requireNonNull(lake, "lake");
        this.rate = rate;
        this.seed = seed;
    }

    /**
     * Begins.
     *
     * @param rate transactions a second
     */
    static ShopTraffic start(Modules modules, RunningLake lake, int rate, long seed) {
        ShopTraffic traffic = new ShopTraffic(modules, lake, rate, seed);
        traffic.thread.setDaemon(true);
        traffic.thread.start();
        return traffic;
    }

    private void keepRunning() {
        DataDirectory directory = lake.directory();
        Path log = directory.logs().resolve("traffic.log");
        try {
            for (long run = 0; !stopsWithin(Duration.ZERO); run++) {
                Process started;
                synchronized (this) {
                    if (stopsWithin(Duration.ZERO)) {
                        return;
                    }
                    started = modules.sourceApp(
                                    directory,
                                    lake.services(),
                                    List.of(
                                            "traffic",
                                            "--rate",
                                            Integer.toString(rate),
                                            "--seed",
                                            Long.toString(seed + run)))
                            .redirectErrorStream(true)
                            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
                    process = started;
                }
                started.waitFor();
                stopsWithin(BEFORE_TRYING_AGAIN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Ends when its process has ended. */
    @Override
    public void close() {
        synchronized (this) {
            stop.countDown();
            if (process != null) {
                ProcessIdentity.of(process.toHandle()).ifPresent(identity -> ProcessEnd.end(identity, GRACE));
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private boolean stopsWithin(Duration time) {
        try {
            return stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
