package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.Operation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the transaction that is being received. They wait here for its END, which says where it ends and whether
 * all of them came; only then do they go into an epoch. A large transaction waits on local disk. Not for use by several
 * threads at once.
 */
final class TransactionBuffer implements AutoCloseable {

    /** What waits in memory, about. */
    private static final long MEMORY_BYTES = 16L << 20;
    /** What a row takes besides its values, about: its arrays, its headers, its boxed numbers. */
    private static final int ROW_OVERHEAD_BYTES = 64;

    private static final int VALUE_OVERHEAD_BYTES = 24;
    private static final int DISK_BUFFER_BYTES = 1 << 16;

    private final Path spillFile;
    private final long memoryBytes;
    private final List<Row> rows = new ArrayList<>();
    private final List<FileSchema> schemas = new ArrayList<>();
    private long bytes;
    private long size;
    private DataOutputStream spill;

    /** @param folder for a transaction that is too large for memory */
    TransactionBuffer(Path folder) {
        this(folder, MEMORY_BYTES);
    }

    TransactionBuffer(Path folder, long memoryBytes) {
        this.spillFile = requireNonNull(folder, "folder").resolve("transaction.rows");
        this.memoryBytes = memoryBytes;
    }

    private record Row(FileSchema schema, Operation operation, Object[] values) {}

    /** Takes the rows of a transaction, in order. */
    @FunctionalInterface
    interface Sink {
        void accept(FileSchema schema, Operation operation, Object[] values) throws IOException;
    }

    /** Adds a row. */
    void add(FileSchema schema, Operation operation, Object[] values) throws IOException {
        rows.add(new Row(schema, operation, values));
        size++;
        bytes += size(values);
        if (bytes > memoryBytes) {
            spill();
        }
    }

    /** How many rows it holds. */
    long size() {
        return size;
    }

    /** Whether rows of it wait on disk. */
    boolean isSpilled() {
        return spill != null;
    }

    /** Gives all rows to somebody, in order, and is empty then. */
    void drainTo(Sink sink) throws IOException {
        if (spill != null) {
            spill();
            spill.close();
            spill = null;
            readSpill(sink);
        } else {
            for (Row row : rows) {
                sink.accept(row.schema(), row.operation(), row.values());
            }
        }
        clear();
    }

    /** Forgets all rows. */
    void clear() throws IOException {
        rows.clear();
        schemas.clear();
        bytes = 0;
        size = 0;
        if (spill != null) {
            spill.close();
            spill = null;
        }
        Files.deleteIfExists(spillFile);
    }

    @Override
    public void close() throws IOException {
        clear();
    }

    private static long size(Object[] values) {
        long size = ROW_OVERHEAD_BYTES;
        for (Object value : values) {
            if (value instanceof String text) {
                size += text.length();
            } else if (value instanceof byte[] binary) {
                size += binary.length;
            }
            size += VALUE_OVERHEAD_BYTES;
        }
        return size;
    }

    private void spill() throws IOException {
        if (spill == null) {
            spill = new DataOutputStream(new BufferedOutputStream(
                    new ZstdOutputStream(Files.newOutputStream(spillFile), 1), DISK_BUFFER_BYTES));
        }
        for (Row row : rows) {
            int schema = schemas.indexOf(row.schema());
            if (schema < 0) {
                schema = schemas.size();
                schemas.add(row.schema());
            }
            spill.writeInt(schema);
            spill.writeByte(row.operation().ordinal());
            for (int i = 0; i < row.values().length; i++) {
                SpilledValue.write(row.schema().columns().get(i).type(), row.values()[i], spill);
            }
        }
        rows.clear();
        bytes = 0;
    }

    private void readSpill(Sink sink) throws IOException {
        try (DataInputStream input = new DataInputStream(
                new BufferedInputStream(new ZstdInputStream(Files.newInputStream(spillFile)), DISK_BUFFER_BYTES))) {
            for (long i = 0; i < size; i++) {
                FileSchema schema = schemas.get(input.readInt());
                Operation operation = Operation.values()[input.readByte()];
                Object[] values = new Object[schema.columns().size()];
                for (int column = 0; column < values.length; column++) {
                    values[column] =
                            SpilledValue.read(schema.columns().get(column).type(), input);
                }
                sink.accept(schema, operation, values);
            }
        }
    }
}
