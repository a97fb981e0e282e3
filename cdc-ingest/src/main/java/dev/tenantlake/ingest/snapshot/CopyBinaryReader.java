package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.ByteConverter;

/**
 * Reads the rows of a COPY in Postgres' binary format: a signature, then of each row the number of its fields, and of
 * each field its length and its bytes. A message of the protocol mostly holds one row; nothing relies on that.
 */
final class CopyBinaryReader {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int FLAGS_BYTES = 4;
    private static final int NULL_LENGTH = -1;
    private static final int END_OF_ROWS = -1;

    private final CopyOut copy;
    private final int[] offsets;
    private final int[] lengths;
    private byte[] buffer = {};
    private int position;
    private boolean started;

    /** @param columns how many fields each row has */
    CopyBinaryReader(CopyOut copy, int columns) {
        this.copy = requireNonNull(copy, "copy");
        this.offsets = new int[columns];
        this.lengths = new int[columns];
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     */
    boolean next() throws SQLException {
        if (!started) {
            readHeader();
            started = true;
        }
        int rowStart = position;
        rowStart = require(2, rowStart);
        int fields = ByteConverter.int2(buffer, position);
        position += 2;
        if (fields == END_OF_ROWS) {
            drain();
            return false;
        }
        if (fields != offsets.length) {
            throw new IllegalStateException("COPY gave " + fields + " fields and not " + offsets.length);
        }
        for (int i = 0; i < fields; i++) {
            rowStart = require(4, rowStart);
            lengths[i] = ByteConverter.int4(buffer, position);
            position += 4;
            if (lengths[i] != NULL_LENGTH) {
                rowStart = require(lengths[i], rowStart);
            }
            offsets[i] = position - rowStart;
            position += Math.max(0, lengths[i]);
        }
        for (int i = 0; i < fields; i++) {
            offsets[i] += rowStart;
        }
        return true;
    }

    /** Whether a field of the row is null. */
    boolean isNull(int field) {
        return lengths[field] == NULL_LENGTH;
    }

    /** What the row's fields lie in, until the next row. */
    byte[] buffer() {
        return buffer;
    }

    /** Where in the buffer a field begins. */
    int offset(int field) {
        return offsets[field];
    }

    /** How many bytes a field has. */
    int length(int field) {
        return lengths[field];
    }

    private void readHeader() throws SQLException {
        require(SIGNATURE.length + FLAGS_BYTES + 4, 0);
        if (!Arrays.equals(buffer, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new IllegalStateException("COPY did not begin with the signature of its binary format");
        }
        int extension = ByteConverter.int4(buffer, SIGNATURE.length + FLAGS_BYTES);
        position = SIGNATURE.length + FLAGS_BYTES + 4;
        require(extension, position);
        position += extension;
    }

    /**
     * Reads on until so many bytes lie ahead; what lies before the row is let go.
     *
     * @param rowStart where the row begins
     * @return where it begins now
     */
    private int require(int bytes, int rowStart) throws SQLException {
        int start = rowStart;
        while (buffer.length - position < bytes) {
            byte[] message = copy.readFromCopy();
            if (message == null) {
                throw new IllegalStateException("COPY ended within a row");
            }
            int kept = buffer.length - start;
            if (kept == 0) {
                buffer = message;
            } else {
                byte[] joined = Arrays.copyOfRange(buffer, start, start + kept + message.length);
                System.arraycopy(message, 0, joined, kept, message.length);
                buffer = joined;
            }
            position -= start;
            start = 0;
        }
        return start;
    }

    private void drain() throws SQLException {
        byte[] rest = copy.readFromCopy();
        while (rest != null) {
            rest = copy.readFromCopy();
        }
    }
}
