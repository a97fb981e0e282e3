package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeFileWriter;
import dev.tenantlake.ingest.bronze.BronzeRow;
import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.FinishedFile;
import dev.tenantlake.ingest.bronze.Operation;
import dev.tenantlake.ingest.bronze.RowStamp;
import dev.tenantlake.ingest.bronze.UploadedFile;
import dev.tenantlake.ingest.source.ColumnReader;
import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.SqlName;
import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables as of one point of the source's log into bronze files. Several connections take the snapshot of that
 * point up and COPY tables, or ranges of their pages, straight into Parquet.
 */
public final class TableCopy {

    private static final Logger LOG = LoggerFactory.getLogger(TableCopy.class);
    private static final int ORDINALS_AT_ONCE = 1024;
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final Duration TO_STOP = Duration.ofSeconds(20);

    private final PostgresConfig postgres;
    private final int readers;
    private final UnrepresentablePolicy policy;
    private final EpochPublisher publisher;
    private final Path folder;
    private final BooleanSupplier stopped;

    /**
     * @param readers how many connections read
     * @param folder for files until they are uploaded
     * @param stopped asked now and then; once it says so, reading ends with a {@link CancellationException}
     */
    public TableCopy(
            PostgresConfig postgres,
            int readers,
            UnrepresentablePolicy policy,
            EpochPublisher publisher,
            Path folder,
            BooleanSupplier stopped) {
        this.postgres = requireNonNull(postgres, "postgres");
        this.readers = readers;
        this.policy = requireNonNull(policy, "policy");
        this.publisher = requireNonNull(publisher, "publisher");
        this.folder = requireNonNull(folder, "folder");
        this.stopped = requireNonNull(stopped, "stopped");
    }

    /**
     * What to make of the tables.
     *
     * @param epoch the epoch that their rows belong to
     * @param snapshot the exported snapshot that shows them
     * @param stamp the point that they are read as of
     * @param replacing whether the lake may hold rows of them, which go: each table then begins with a truncate
     */
    record Target(long epoch, String snapshot, RowStamp stamp, boolean replacing) {}

    /**
     * The files that they were made into, uploaded.
     *
     * @param ingestDate of all files
     * @param files in the order of their keys
     * @param schemas of all tables, of empty ones too
     */
    record Copied(LocalDate ingestDate, List<UploadedFile> files, List<FileSchema> schemas) {}

    /** What the readers share. */
    private record Work(
            Target target, LocalDate ingestDate, AtomicLong ordinals, Queue<String> uploaded, AtomicBoolean failed) {}

    /**
     * The places in the epoch of one reader's rows. It takes them from those that all readers share many at a time, so that
     * readers do not wait for each other; those that are left at the end stay without a row.
     */
    private static final class Ordinals {

        private final AtomicLong shared;
        private long next;
        private long end;

        Ordinals(AtomicLong shared) {
            this.shared = shared;
        }

        /** Whether the next one is the first of several taken at a time. */
        boolean areUsedUp() {
            return next == end;
        }

        long next() {
            if (areUsedUp()) {
                next = shared.getAndAdd(ORDINALS_AT_ONCE);
                end = next + ORDINALS_AT_ONCE;
            }
            return next++;
        }
    }

    /** A range to read: the part of its table that it becomes, and the ordinal of the truncate that it begins with. */
    private record Piece(TableRange range, int part, OptionalLong truncate) {}

    /**
     * Reads the tables.
     *
     * @throws LakeException of kind {@code UNFIT} if one holds a value that its bronze column cannot; none of their files
     *     is in the lake then. After any other failure there may be some, for the next start to remove
     */
    Copied copy(List<PublishedTable> tables, Target target) throws InterruptedException, IOException, SQLException {
        Work work = new Work(
                target,
                publisher.today(),
                new AtomicLong(target.replacing() ? tables.size() : 0),
                new ConcurrentLinkedQueue<>(),
                new AtomicBoolean());
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            List<TableRange> ranges = TableRange.of(tables.get(i), readers);
            for (int part = 0; part < ranges.size(); part++) {
                boolean first = target.replacing() && part == 0;
                pieces.add(new Piece(ranges.get(part), part, first ? OptionalLong.of(i) : OptionalLong.empty()));
            }
        }
        pieces.sort(
                Comparator.<Piece>comparingLong(piece -> piece.range().bytes()).reversed());
        List<UploadedFile> files;
        try {
            files = readAll(pieces, work);
        } catch (LakeException e) {
            publisher.remove(work.uploaded());
            throw e;
        }
        List<FileSchema> schemas = tables.stream()
                .map(table -> schema(table, table.readers(policy)))
                .toList();
        return new Copied(work.ingestDate(), files, schemas);
    }

    private List<UploadedFile> readAll(List<Piece> pieces, Work work)
            throws InterruptedException, IOException, SQLException {
        AtomicInteger next = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(readers, task -> {
            Thread thread = new Thread(task, "load-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<UploadedFile>>> running = new ArrayList<>();
            for (int i = 0; i < Math.min(readers, pieces.size()); i++) {
                running.add(executor.submit(() -> readPieces(pieces, next, work)));
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
            if (!executor.awaitTermination(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a reader of tables did not stop");
            }
        }
    }

    private static List<UploadedFile> await(Future<List<UploadedFile>> reader, Work work)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return reader.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.info("event=load_progress rows={}", work.ordinals());
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
        if (e.getCause() instanceof UncheckedIOException io) {
            throw io.getCause();
        }
        if (e.getCause() instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new IllegalStateException(e.getCause());
    }

    private List<UploadedFile> readPieces(List<Piece> pieces, AtomicInteger next, Work work)
            throws SQLException, IOException, InterruptedException {
        List<Future<UploadedFile>> uploads = new ArrayList<>();
        try {
            readPieces(pieces, next, work, uploads);
            List<UploadedFile> files = new ArrayList<>();
            for (Future<UploadedFile> upload : uploads) {
                files.add(ended(upload));
            }
            return files;
        } catch (SQLException | IOException | InterruptedException | RuntimeException e) {
            work.failed().set(true);
            throw e;
        } finally {
            noteUploaded(uploads, work);
        }
    }

    private void readPieces(List<Piece> pieces, AtomicInteger next, Work work, List<Future<UploadedFile>> uploads)
            throws SQLException, IOException, InterruptedException {
        Ordinals ordinals = new Ordinals(work.ordinals());
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute(
                    "SET TRANSACTION SNAPSHOT " + SqlName.literal(work.target().snapshot()));
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                Optional<FinishedFile> file = readPiece(connection, pieces.get(i), i, work, ordinals);
                if (file.isPresent()) {
                    // A piece is read while the one before is uploaded; more of them are not kept on local disk.
                    if (!uploads.isEmpty()) {
                        ended(uploads.get(uploads.size() - 1));
                    }
                    uploads.add(publisher.upload(
                            file.get(),
                            work.target().epoch(),
                            work.ingestDate(),
                            pieces.get(i).part()));
                }
            }
            statement.execute("COMMIT");
        }
    }

    private static UploadedFile ended(Future<UploadedFile> upload)
            throws SQLException, IOException, InterruptedException {
        try {
            return upload.get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    /** Waits until nothing is uploaded any more, and notes what was, for whoever may have to remove it. */
    private static void noteUploaded(List<Future<UploadedFile>> uploads, Work work) throws InterruptedException {
        for (Future<UploadedFile> upload : uploads) {
            try {
                work.uploaded().add(upload.get().dataFile().key());
            } catch (ExecutionException e) {
                LOG.debug("event=upload_failed", e);
            }
        }
    }

    private Optional<FinishedFile> readPiece(
            Connection connection, Piece piece, int number, Work work, Ordinals ordinals)
            throws SQLException, IOException {
        List<ColumnReader> columns = piece.range().table().readers(policy);
        Path path = folder.resolve("snapshot-" + number + ".parquet");
        long epoch = work.target().epoch();
        try (BronzeFileWriter writer =
                new BronzeFileWriter(path, schema(piece.range().table(), columns), epoch)) {
            if (piece.truncate().isPresent()) {
                writer.write(new BronzeRow(
                        Operation.TRUNCATE,
                        work.target().stamp(),
                        piece.truncate().getAsLong(),
                        new Object[columns.size()]));
            }
            copy(connection, piece.range(), columns, writer, work, ordinals);
            if (writer.rows() == 0) {
                return Optional.empty();
            }
            return Optional.of(writer.finish());
        }
    }

    private void copy(
            Connection connection,
            TableRange range,
            List<ColumnReader> columns,
            BronzeFileWriter writer,
            Work work,
            Ordinals ordinals)
            throws SQLException, IOException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(range.copy(columns));
        CopyBinaryReader reader = new CopyBinaryReader(copy, columns.size());
        ColumnReader[] readers = columns.toArray(ColumnReader[]::new);
        try {
            while (reader.next()) {
                for (int i = 0; i < readers.length; i++) {
                    if (reader.isNull(i)) {
                        writer.column(i).addNull();
                    } else {
                        readers[i].fromCopy(reader.buffer(), reader.offset(i), reader.length(i), writer.column(i));
                    }
                }
                if (ordinals.areUsedUp()
                        && (stopped.getAsBoolean() || work.failed().get())) {
                    throw new CancellationException("the load is given up");
                }
                writer.endRow(Operation.READ, work.target().stamp(), ordinals.next());
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
