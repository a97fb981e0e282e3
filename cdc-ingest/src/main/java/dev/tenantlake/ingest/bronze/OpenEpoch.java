package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An epoch that is being written: whole transactions, in commit order, in local files, one for each schema. Not for use
 * by several threads at once.
 */
public final class OpenEpoch {

    /** At about this size a file is completed and the next part begun. */
    private static final long FILE_BYTES = 128L << 20;

    private final long number;
    private final Path folder;
    /** In the order in which the schemas came, which is that in which new forms of a table are numbered. */
    private final Map<FileSchema, BronzeFileWriter> writers = new LinkedHashMap<>();

    private final List<FinishedFile> finished = new ArrayList<>();
    private long finishedBytes;
    private long ordinal;
    private long transactions;
    private long openedAtNanos;
    private RowStamp first;
    private RowStamp last;
    private Map<String, Object> offset;

    /**
     * Opens an epoch; nothing is written until something is added.
     *
     * @param folder for its files
     */
    public OpenEpoch(long number, Path folder) {
        this.number = number;
        this.folder = requireNonNull(folder, "folder");
    }

    /**
     * An epoch that is complete, as files on local disk.
     *
     * @param number its number
     * @param kind where its rows come from
     * @param first the stamp of its first transaction
     * @param last the stamp of its last transaction
     * @param transactions how many it holds
     * @param dropped tables whose changes are not carried any more from it on, until they are loaded anew
     * @param offset to resume from after it
     */
    public record Sealed(
            long number,
            EpochManifest.Kind kind,
            RowStamp first,
            RowStamp last,
            long transactions,
            List<FinishedFile> files,
            Set<String> dropped,
            Optional<Map<String, Object>> offset) {
        public Sealed {
            requireNonNull(kind, "kind");
            requireNonNull(first, "first");
            requireNonNull(last, "last");
            files = List.copyOf(files);
            dropped = Set.copyOf(dropped);
            requireNonNull(offset, "offset");
        }
    }

    /** Adds a row of the transaction that is added next by {@link #endTransaction}. */
    public void add(FileSchema schema, Operation operation, RowStamp stamp, Object[] values) throws IOException {
        BronzeFileWriter writer = writers.get(schema);
        if (writer == null) {
            writer = new BronzeFileWriter(nextFile(), schema, number);
            writers.put(schema, writer);
        }
        writer.write(new BronzeRow(operation, stamp, ordinal, values));
        ordinal++;
        if (writer.bytes() >= FILE_BYTES) {
            finish(writer);
            writers.remove(schema);
        }
    }

    /**
     * Adds a transaction, whose rows were added before.
     *
     * @param resumeOffset the offset to resume from after it
     */
    public void endTransaction(RowStamp stamp, Map<String, Object> resumeOffset) {
        if (transactions == 0) {
            first = stamp;
            openedAtNanos = System.nanoTime();
        }
        last = requireNonNull(stamp, "stamp");
        offset = requireNonNull(resumeOffset, "resumeOffset");
        transactions++;
    }

    public long number() {
        return number;
    }

    /** Whether it holds no transaction. */
    public boolean isEmpty() {
        return transactions == 0;
    }

    /** How long ago its first transaction was added. */
    public Duration age() {
        return isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - openedAtNanos);
    }

    public long rows() {
        return ordinal;
    }

    /** About how many bytes it takes. */
    public long bytes() {
        return finishedBytes
                + writers.values().stream().mapToLong(BronzeFileWriter::bytes).sum();
    }

    /**
     * Completes its files.
     *
     * @param dropped tables whose changes are not carried any more
     */
    public Sealed seal(Set<String> dropped) throws IOException {
        if (isEmpty()) {
            throw new IllegalStateException("epoch " + number + " holds no transaction");
        }
        for (BronzeFileWriter writer : writers.values()) {
            finish(writer);
        }
        writers.clear();
        return new Sealed(
                number, EpochManifest.Kind.STREAM, first, last, transactions, finished, dropped, Optional.of(offset));
    }

    /** Gives it up and removes its files. */
    public void abandon() throws IOException {
        for (BronzeFileWriter writer : writers.values()) {
            writer.close();
        }
        writers.clear();
        for (FinishedFile file : finished) {
            Files.deleteIfExists(file.path());
        }
        finished.clear();
    }

    private void finish(BronzeFileWriter writer) throws IOException {
        FinishedFile file = writer.finish();
        finishedBytes += file.bytes();
        finished.add(file);
    }

    private Path nextFile() {
        return folder.resolve("epoch-" + number + "-" + (writers.size() + finished.size()) + ".parquet");
    }
}
