package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.parquet.Column;
import dev.tenantlake.parquet.ColumnFileWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Writes one bronze file: rows of one schema, to local disk, as Parquet with Zstandard. It is
 * there when it was finished; a writer that is closed before leaves none. Not for use by several threads
 * at once.
 */
public final class BronzeFileWriter implements Closeable {

    private static final byte[][] OPERATIONS = Stream.of(Operation.values())
            .map(operation -> operation.code().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);

    private final Path file;
    private final FileSchema schema;
    private final long epoch;
    private final ColumnFileWriter writer;
    private final Column operation;
    private final Column lsn;
    private final Column transactionId;
    private final Column ordinal;
    private final Column committedAt;
    private final Column epochs;
    private long rows;
    private final long[] operations = new long[Operation.values().length];
    private boolean finished;

    /**
     * Begins the file.
     *
     * @param file where; it must not exist
     * @param epoch the epoch that all its rows belong to
     */
    public BronzeFileWriter(Path file, FileSchema schema, long epoch) throws IOException {
        this.file = requireNonNull(file, "file");
        this.schema = requireNonNull(schema, "schema");
        this.epoch = epoch;
        this.writer = new ColumnFileWriter(new LocalOutputFile(file), schema.parquet(), ParquetFileWriter.Mode.CREATE);
        // As FileSchema has them behind the source's.
        int next = schema.columns().size();
        this.operation = writer.column(next);
        this.lsn = writer.column(next + 1);
        this.transactionId = writer.column(next + 2);
        this.ordinal = writer.column(next + 3);
        this.committedAt = writer.column(next + 4);
        this.epochs = writer.column(next + 5);
    }

    /** Writes a row. */
    public void write(BronzeRow row) throws IOException {
        Object[] values = row.values();
        for (int i = 0; i < values.length; i++) {
            writer.column(i).add(values[i]);
        }
        endRow(row.operation(), row.stamp(), row.ordinal());
    }

    /** A column of the source, by its place in the schema. */
    public Column column(int index) {
        return writer.column(index);
    }

    /**
     * Ends a row of which each of the source's columns has been given its value.
     *
     * @param place its place in the epoch
     */
    public void endRow(Operation kind, RowStamp stamp, long place) throws IOException {
        byte[] code = OPERATIONS[kind.ordinal()];
        operation.addBytes(code, 0, code.length);
        lsn.addLong(stamp.lsn().value());
        transactionId.addLong(stamp.transactionId());
        ordinal.addLong(place);
        committedAt.addLong(stamp.committedAtMicros());
        epochs.addLong(epoch);
        writer.endRow();
        rows++;
        operations[kind.ordinal()]++;
    }

    /** How many rows it was given. */
    public long rows() {
        return rows;
    }

    /** About how many bytes it takes: what is on disk, and what is not yet there, some of it before compression. */
    public long bytes() {
        return writer.bytes();
    }

    /** Completes the file. */
    public FinishedFile finish() throws IOException {
        writer.finish();
        writer.close();
        finished = true;
        Map<Operation, Long> counts = new EnumMap<>(Operation.class);
        for (Operation kind : Operation.values()) {
            if (operations[kind.ordinal()] > 0) {
                counts.put(kind, operations[kind.ordinal()]);
            }
        }
        return new FinishedFile(file, schema, rows, Files.size(file), counts);
    }

    /** Gives the file up and removes it, unless it is complete. */
    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        try {
            writer.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
