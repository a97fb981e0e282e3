package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeFileWriter;
import dev.tenantlake.ingest.bronze.BronzeRow;
import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.OpenEpoch;
import dev.tenantlake.ingest.bronze.Operation;
import dev.tenantlake.ingest.bronze.RowStamp;
import dev.tenantlake.ingest.bronze.UploadedFile;
import dev.tenantlake.ingest.source.ColumnReader;
import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.ReplicationSlot;
import dev.tenantlake.ingest.source.SourceSession;
import dev.tenantlake.ingest.source.SqlName;
import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads the first epoch: every row of every published table as of one point of the source's log, from which the slot
 * goes on without a gap and without a row twice. The slot is created first and exports the snapshot of its consistent
 * point; several connections take that snapshot up and COPY tables, or ranges of their pages, straight into Parquet.
 */
public final class SnapshotLoader {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoader.class);
    private static final long EPOCH = 1;
    private static final int ROWS_BETWEEN_CHECKS = 1024;
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final PostgresConfig postgres;
    private final String slot;
    private final int readers;
    private final UnrepresentablePolicy policy;
    private final S3Client s3;
    private final LakeLayout layout;
    private final EpochPublisher publisher;
    private final Path folder;
    private final BooleanSupplier stopped;
    private final AtomicReference<Connection> replicationConnection = new AtomicReference<>();

    /**
     * @param readers how many connections read
     * @param folder for files until they are uploaded
     * @param stopped asked now and then; once it says so, loading ends with a {@link CancellationException}
     */
    public SnapshotLoader(
            PostgresConfig postgres,
            String slot,
            int readers,
            UnrepresentablePolicy policy,
            S3Client s3,
            LakeLayout layout,
            EpochPublisher publisher,
            Path folder,
            BooleanSupplier stopped) {
        this.postgres = requireNonNull(postgres, "postgres");
        this.slot = requireNonNull(slot, "slot");
        this.readers = readers;
        this.policy = requireNonNull(policy, "policy");
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.publisher = requireNonNull(publisher, "publisher");
        this.folder = requireNonNull(folder, "folder");
        this.stopped = requireNonNull(stopped, "stopped");
    }

    /**
     * Creates the slot and loads the first epoch. If that fails before the epoch's manifest was sent, the slot is
     * dropped again; else the next start finds out what became of it.
     */
    public EpochManifest load(SourceSession session, EpochManifest.Source source, Publication preflown)
            throws SQLException, IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        Connection control = session.connection();
        control.setAutoCommit(false);
        try (Connection replication = postgres.openForReplication()) {
            lock(control, preflown.tables());
            // With the tables locked against any change of their columns, what is read now is what COPY meets.
            Publication publication = Publication.read(control, preflown.name()).orElse(preflown);
            new SnapshotMarker(source, Optional.empty()).write(s3, layout);
            LOG.info("event=slot_creating slot={} waits_for=\"write transactions that are open\"", slot);
            replicationConnection.set(replication);
            ReplicationSlot.Created created = ReplicationSlot.create(replication, slot);
            EpochManifest manifest;
            try {
                new SnapshotMarker(source, Optional.of(created.consistentLsn())).write(s3, layout);
                RowStamp stamp =
                        new RowStamp(created.consistentLsn(), 0, now(control).toInstant());
                manifest = read(publication, created, stamp);
            } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
                dropSlot(e);
                throw e;
            }
            publisher.append(manifest);
            SnapshotMarker.remove(s3, layout);
            long millis = Duration.ofNanos(System.nanoTime() - startedNanos).toMillis();
            LOG.info(
                    "event=snapshot_done rows={} tables={} ms={} rows_per_s={} lsn={}",
                    manifest.rows(),
                    publication.tables().size(),
                    millis,
                    manifest.rows() * 1000 / Math.max(1, millis),
                    created.consistentLsn());
            return manifest;
        } finally {
            unlock(control);
        }
    }

    /**
     * Ends the wait for the slot, from another thread: while write transactions are open that may be long, and a
     * connection that is only closed would leave the server waiting.
     */
    public void cancelWait() {
        Connection replication = replicationConnection.get();
        if (replication == null) {
            return;
        }
        try {
            replication.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOG.debug("event=cancel_failed", e);
        }
    }

    /**
     * Keeps the tables' definitions as they are until the end. A change that rewrites a table would show it empty to a
     * snapshot from before; and the slot would not stream the rows, being from before too.
     */
    private static void lock(Connection control, List<PublishedTable> tables) throws SQLException {
        String names = tables.stream()
                .map(table -> SqlName.quote(table.schema(), table.name()))
                .collect(Collectors.joining(", "));
        try (Statement statement = control.createStatement()) {
            statement.execute("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
        }
    }

    private static void unlock(Connection control) {
        try {
            control.rollback();
            control.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is gone, and its locks with it; what comes next on it says so.
            LOG.debug("event=unlock_failed", e);
        }
    }

    private static OffsetDateTime now(Connection control) throws SQLException {
        try (Statement statement = control.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    private void dropSlot(Exception reason) {
        try (Connection connection = postgres.open()) {
            ReplicationSlot.drop(connection, slot);
            LOG.info("event=slot_dropped slot={} reason=\"the snapshot was not completed\"", slot);
        } catch (SQLException e) {
            // The next start drops it.
            reason.addSuppressed(e);
        }
    }

    /** What the readers share. */
    private record Work(
            String snapshot,
            RowStamp stamp,
            LocalDate ingestDate,
            AtomicLong rows,
            Map<String, AtomicInteger> parts,
            AtomicBoolean failed) {}

    private EpochManifest read(Publication publication, ReplicationSlot.Created created, RowStamp stamp)
            throws InterruptedException, IOException, SQLException {
        Work work = new Work(
                created.snapshot(),
                stamp,
                publisher.today(),
                new AtomicLong(),
                new ConcurrentHashMap<>(),
                new AtomicBoolean());
        List<TableRange> ranges = publication.tables().stream()
                .flatMap(table -> TableRange.of(table, readers).stream())
                .sorted(Comparator.comparingLong(TableRange::bytes).reversed())
                .toList();
        List<UploadedFile> files = readAll(ranges, work);
        List<FileSchema> schemas = publication.tables().stream()
                .map(table -> schema(table, table.readers(policy)))
                .toList();
        OpenEpoch.Sealed epoch =
                new OpenEpoch.Sealed(EPOCH, EpochManifest.Kind.SNAPSHOT, stamp, stamp, 1, List.of(), Optional.empty());
        return publisher.manifest(epoch, work.ingestDate(), files, schemas);
    }

    private List<UploadedFile> readAll(List<TableRange> ranges, Work work)
            throws InterruptedException, IOException, SQLException {
        AtomicInteger next = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(readers, task -> {
            Thread thread = new Thread(task, "snapshot-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<UploadedFile>>> running = new ArrayList<>();
            for (int i = 0; i < Math.min(readers, ranges.size()); i++) {
                running.add(executor.submit(() -> readRanges(ranges, next, work)));
            }
            List<UploadedFile> files = new ArrayList<>();
            for (Future<List<UploadedFile>> reader : running) {
                files.addAll(await(reader, work));
            }
            files.sort(Comparator.comparing(file -> file.dataFile().key()));
            return files;
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            // Readers that are still at work look at this every few rows, and stop.
            work.failed().set(true);
            executor.shutdown();
            executor.awaitTermination(PROGRESS.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<UploadedFile> await(Future<List<UploadedFile>> reader, Work work)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return reader.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.info("event=snapshot_progress rows={}", work.rows());
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) throws IOException, SQLException {
        if (e.getCause() instanceof SQLException sql) {
            throw sql;
        }
        if (e.getCause() instanceof IOException io) {
            throw io;
        }
        if (e.getCause() instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new IllegalStateException(e.getCause());
    }

    private List<UploadedFile> readRanges(List<TableRange> ranges, AtomicInteger next, Work work)
            throws SQLException, IOException {
        List<UploadedFile> files = new ArrayList<>();
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT " + SqlName.literal(work.snapshot()));
            for (int i = next.getAndIncrement(); i < ranges.size(); i = next.getAndIncrement()) {
                readRange(connection, ranges.get(i), i, work).ifPresent(files::add);
            }
            statement.execute("COMMIT");
            return files;
        } catch (SQLException | IOException | RuntimeException e) {
            work.failed().set(true);
            throw e;
        }
    }

    private Optional<UploadedFile> readRange(Connection connection, TableRange range, int number, Work work)
            throws SQLException, IOException {
        List<ColumnReader> columns = range.table().readers(policy);
        Path path = folder.resolve("snapshot-" + number + ".parquet");
        try (BronzeFileWriter writer = new BronzeFileWriter(path, schema(range.table(), columns), EPOCH)) {
            copy(connection, range, columns, writer, work);
            if (writer.rows() == 0) {
                return Optional.empty();
            }
            int part = work.parts()
                    .computeIfAbsent(range.table().name(), table -> new AtomicInteger())
                    .getAndIncrement();
            return Optional.of(publisher.upload(writer.finish(), EPOCH, work.ingestDate(), part));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void copy(
            Connection connection, TableRange range, List<ColumnReader> columns, BronzeFileWriter writer, Work work)
            throws SQLException, IOException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(range.copy(columns));
        CopyBinaryReader reader = new CopyBinaryReader(copy, columns.size());
        try {
            Object[] values = new Object[columns.size()];
            while (reader.next()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = reader.isNull(i)
                            ? null
                            : columns.get(i).fromCopy(reader.buffer(), reader.offset(i), reader.length(i));
                }
                long ordinal = work.rows().getAndIncrement();
                writer.write(new BronzeRow(Operation.READ, work.stamp(), ordinal, values));
                if (ordinal % ROWS_BETWEEN_CHECKS == 0
                        && (stopped.getAsBoolean() || work.failed().get())) {
                    throw new CancellationException("the snapshot is given up");
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static FileSchema schema(PublishedTable table, List<ColumnReader> readers) {
        List<FileSchema.Column> columns = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            columns.add(new FileSchema.Column(
                    table.columns().get(i).name(), readers.get(i).type()));
        }
        return new FileSchema(table.name(), columns);
    }
}
