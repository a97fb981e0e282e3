package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.OpenEpoch;
import dev.tenantlake.model.EpochManifest;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the source from the end of one epoch on and makes an epoch of what it commits, again and again, until it is
 * stopped or fails. Either way it ends as if it had crashed: what is open is given up, and the next one resumes after the
 * last manifest.
 */
public final class ChangeStream {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeStream.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

    private final EpochPublisher publisher;
    private final EpochLimits limits;
    private final EpochAssembler assembler;
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong epochs = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final long madeAtNanos = System.nanoTime();
    /** Held while a batch is worked on; fair, since the stream asks for it again and again. */
    private final ReentrantLock handling = new ReentrantLock(true);

    private final CarriedTables tables;

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private Optional<RecordChangeEvent<SourceRecord>> lastEnd = Optional.empty();
    private Optional<PointLoad> load = Optional.empty();
    private boolean closed;

    /**
     * When an epoch is cut, besides at transaction boundaries alone.
     *
     * @param age how long it collects transactions
     * @param rows with so many it is cut before its time
     * @param bytes with about so many it is cut before its time
     */
    public record EpochLimits(Duration age, long rows, long bytes) {
        public EpochLimits {
            requireNonNull(age, "age");
        }

        private boolean reached(OpenEpoch epoch) {
            return !epoch.isEmpty()
                    && (epoch.age().compareTo(age) >= 0 || epoch.rows() >= rows || epoch.bytes() >= bytes);
        }
    }

    /**
     * @param last the lake's last epoch, after which to go on
     * @param settings Debezium's, from {@link EngineSettings}
     * @param folder for files until they are uploaded
     */
    public ChangeStream(
            EpochManifest last, Properties settings, EpochLimits limits, EpochPublisher publisher, Path folder) {
        this.publisher = requireNonNull(publisher, "publisher");
        this.limits = requireNonNull(limits, "limits");
        this.tables = new CarriedTables(last.loaded());
        this.assembler = new EpochAssembler(folder, last.epoch(), last.lastLsn(), EngineSettings.TOPIC_PREFIX, tables);
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using((success, message, error) -> failure.set(error))
                .notifying(this::handle)
                .build();
    }

    /**
     * Follows the source; returns when it was stopped.
     *
     * @throws Exception with which it failed
     */
    public void run() throws Exception {
        try {
            engine.run();
        } finally {
            close();
            done.countDown();
        }
        Throwable error = failure.get();
        if (error instanceof Exception exception) {
            throw exception;
        }
        if (error != null) {
            throw new IllegalStateException(error);
        }
    }

    /**
     * Stops, from another thread, and waits for that for so long at most. An epoch that is being published is given
     * time to become part of the lake first.
     *
     * @return whether it has stopped
     */
    public boolean stop(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        if (handling.tryLock(atMost.toNanos() / 2, TimeUnit.NANOSECONDS)) {
            closed = true;
            handling.unlock();
        }
        // Closing the engine takes as long as it takes; whoever stops has only so much time.
        Thread closer = new Thread(this::closeEngine, "stream-closer");
        closer.setDaemon(true);
        closer.start();
        return done.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** What may be done while the stream rests between two records. */
    @FunctionalInterface
    public interface AtRest<T> {
        T run() throws SQLException;
    }

    /**
     * Does something while the stream rests: what it has shown so far, it has shown, and it shows nothing more until that
     * is done.
     *
     * @throws CancellationException if the stream has ended
     */
    public <T> T atRest(AtRest<T> action) throws SQLException, InterruptedException {
        handling.lockInterruptibly();
        try {
            if (closed) {
                throw new CancellationException("the stream has ended");
            }
            return action.run();
        } finally {
            handling.unlock();
        }
    }

    /**
     * Has tables loaded as soon as the stream is at their point; to be called while it {@linkplain #atRest rests}, by whoever
     * found the point in that rest.
     */
    public void load(PointLoad pointLoad) {
        if (load.isPresent()) {
            throw new IllegalStateException("a load is under way");
        }
        load = Optional.of(pointLoad);
    }

    /** The names of the tables that are carried since a load; to be called while it rests. */
    public Set<String> carried() {
        return tables.names();
    }

    /** From now on the changes of a table are passed over; to be called while it rests. */
    public void refuse(String qualifiedName, String table, String reason) {
        tables.refuse(qualifiedName, table, reason);
    }

    /** A table is carried no more; to be called while it rests. */
    public void drop(String table, String reason) {
        tables.drop(table, reason);
    }

    /** How many transactions have ended since it runs. */
    public long transactions() {
        return transactions.get();
    }

    /** How many epochs it has made part of the lake. */
    public long epochs() {
        return epochs.get();
    }

    /** How long ago it was made. */
    public Duration runningFor() {
        return Duration.ofNanos(System.nanoTime() - madeAtNanos);
    }

    /** Closes the engine, which refuses that while it starts. */
    private void closeEngine() {
        boolean told = false;
        while (!told && done.getCount() > 0) {
            try {
                engine.close();
                told = true;
            } catch (IllegalStateException | IOException e) {
                LOG.debug("event=engine_not_closed reason=\"{}\"", e.getMessage());
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private void handle(
            List<RecordChangeEvent<SourceRecord>> batch,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        handling.lock();
        try {
            // Records that are passed over now are neither marked nor lost: the next run has them again.
            if (!closed) {
                assemble(batch, committer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            handling.unlock();
        }
    }

    private void assemble(
            List<RecordChangeEvent<SourceRecord>> batch,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws IOException, InterruptedException {
        for (RecordChangeEvent<SourceRecord> event : batch) {
            if (load.isPresent()
                    && assembler.endsAfter(event.record(), load.get().point())) {
                publishLoad(committer);
            }
            if (assembler.accept(event.record())) {
                transactions.incrementAndGet();
                lastEnd = Optional.of(event);
            }
        }
        if (limits.reached(assembler.epoch())) {
            publishEpoch(committer);
        }
    }

    private void publishEpoch(DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws IOException, InterruptedException {
        publisher.publish(assembler.cut());
        epochs.incrementAndGet();
        // The END of the epoch's last transaction: now the server may be told, and of nothing later.
        committer.markProcessed(lastEnd.orElseThrow());
        committer.markBatchFinished();
    }

    /** The next transaction is the first after the load's point, and all before it are in the open epoch or earlier. */
    private void publishLoad(DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws IOException, InterruptedException {
        if (!assembler.epoch().isEmpty()) {
            publishEpoch(committer);
        }
        PointLoad reached = load.orElseThrow();
        load = Optional.empty();
        try {
            Optional<EpochManifest> manifest = reached.publish(assembler.epoch().number());
            if (manifest.isPresent()) {
                assembler.continueAfter(manifest.get());
                tables.loaded(reached.tables());
                epochs.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void close() throws IOException {
        handling.lock();
        try {
            closed = true;
            assembler.close();
        } finally {
            handling.unlock();
        }
    }
}
