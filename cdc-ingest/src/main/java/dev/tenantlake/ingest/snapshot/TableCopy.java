package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeFileWriter;
import dev.tenantlake.ingest.bronze.BronzeRow;
import dev.tenantlake.ingest.bronze.EpochPublisher;
import dev.tenantlake.ingest.bronze.FileSchema;
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
    private static final int ROWS_BETWEEN_CHECKS = 1024;
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
        if (e.getCause() instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new IllegalStateException(e.getCause());
    }

    private List<UploadedFile> readPieces(List<Piece> pieces, AtomicInteger next, Work work)
            throws SQLException, IOException {
        List<UploadedFile> files = new ArrayList<>();
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute(
                    "SET TRANSACTION SNAPSHOT " + SqlName.literal(work.target().snapshot()));
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                readPiece(connection, pieces.get(i), i, work).ifPresent(files::add);
            }
            statement.execute("COMMIT");
            return files;
        } catch (SQLException | IOException | RuntimeException e) {
            work.failed().set(true);
            throw e;
        }
    }

    private Optional<UploadedFile> readPiece(Connection connection, Piece piece, int number, Work work)
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
            copy(connection, piece.range(), columns, writer, work);
            if (writer.rows() == 0) {
                return Optional.empty();
            }
            UploadedFile file = publisher.upload(writer.finish(), epoch, work.ingestDate(), piece.part());
            work.uploaded().add(file.dataFile().key());
            return Optional.of(file);
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
                long ordinal = work.ordinals().getAndIncrement();
                writer.write(new BronzeRow(Operation.READ, work.target().stamp(), ordinal, values));
                if (ordinal % ROWS_BETWEEN_CHECKS == 0
                        && (stopped.getAsBoolean() || work.failed().get())) {
                    throw new CancellationException("the load is given up");
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
