package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Does something again and again, with a pause before each time, in a thread of its own beside the commits. */
final class Beside implements AutoCloseable {

    private static final Duration END = Duration.ofSeconds(20);

    private final Duration pause;
    private final Runnable work;
    private final OrderlyStop stop;
    private final Thread thread;

    /**
     * What is not started yet.
     *
     * @param work lets no exception out; what takes long looks at the stop by itself
     */
    Beside(String name, Duration pause, Runnable work, OrderlyStop stop) {
        this.pause = requireNonNull(pause, "pause");
        this.work = requireNonNull(work, "work");
        this.stop = requireNonNull(stop, "stop");
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins. */
    void start() {
        thread.start();
    }

    private void run() {
        while (!stop.isRequested()) {
            stop.await(pause);
            if (!stop.isRequested()) {
                work.run();
            }
        }
    }

    /** Requests the stop and waits for what is being done; what that leaves undone, the next run of the job does. */
    @Override
    public void close() {
        stop.request();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
