package dev.tenantlake.etl.parallel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Works on several tables at a time. A commit of a small change is mostly waiting and planning, so a few of them
 * together keep the machine busy where one would not.
 */
public final class TablePool implements AutoCloseable {

    private static final long IDLE_SECONDS = 30;

    private final ExecutorService threads;

    /** A pool that works on so many tables at a time. */
    public TablePool(int tables) {
        this("table", tables);
    }

    /**
     * A pool that works on other things than tables.
     *
     * @param name what they are: the first part of its threads' names
     * @param atATime how many of them it works on at a time
     */
    public TablePool(String name, int atATime) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                atATime, atATime, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /**
     * Does a work on each item, and returns when all of it is done: also if some of it failed, so that nothing goes on
     * behind the caller's back.
     *
     * @return the results in the order of the items
     * @throws RuntimeException the first failure in that order, the others added to it
     */
    public <T, R> List<R> onEach(Collection<T> items, Function<T, R> work) {
        List<Callable<R>> calls = new ArrayList<>();
        items.forEach(item -> calls.add(() -> work.apply(item)));
        List<R> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<R> future : invoke(calls)) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException known
                        ? known
                        : new IllegalStateException(e.getCause());
                if (failure == null) {
                    failure = cause;
                } else if (failure != cause) {
                    failure.addSuppressed(cause);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private <R> List<Future<R>> invoke(List<Callable<R>> calls) {
        try {
            return threads.invokeAll(calls);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CancellationException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("interrupted while tables were worked on");
        cancelled.initCause(e);
        return cancelled;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
