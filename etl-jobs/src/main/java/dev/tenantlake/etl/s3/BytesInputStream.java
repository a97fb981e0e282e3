package dev.tenantlake.etl.s3;

import java.io.EOFException;
import org.apache.hadoop.fs.FSInputStream;

/** Reads bytes as Hadoop reads a file. */
final class BytesInputStream extends FSInputStream {

    private final byte[] bytes;
    private int position;

    BytesInputStream(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public void seek(long to) throws EOFException {
        if (to < 0 || to > bytes.length) {
            throw new EOFException("byte " + to + " of a file of " + bytes.length);
        }
        position = (int) to;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long to) {
        return false;
    }

    @Override
    public int available() {
        return bytes.length - position;
    }

    @Override
    public int read() {
        return position == bytes.length ? -1 : bytes[position++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (position == bytes.length && length > 0) {
            return -1;
        }
        int read = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, into, offset, read);
        position += read;
        return read;
    }

    /** By place, without a change of the position: several threads may read at once. */
    @Override
    public int read(long from, byte[] into, int offset, int length) throws EOFException {
        if (from < 0) {
            throw new EOFException("byte " + from);
        }
        if (from >= bytes.length) {
            return length == 0 ? 0 : -1;
        }
        int read = (int) Math.min(length, bytes.length - from);
        System.arraycopy(bytes, (int) from, into, offset, read);
        return read;
    }
}
