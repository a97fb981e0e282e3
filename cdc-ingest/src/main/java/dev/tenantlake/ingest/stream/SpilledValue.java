package dev.tenantlake.ingest.stream;

import dev.tenantlake.ingest.bronze.BronzeType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How a value waits on disk: a byte that says whether it is null, then the value in as many bytes as its type takes. */
final class SpilledValue {

    private SpilledValue() {}

    static void write(BronzeType type, Object value, DataOutput output) throws IOException {
        output.writeBoolean(value != null);
        if (value == null) {
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> output.writeBoolean((Boolean) value);
            case SMALLINT, INTEGER, DATE -> output.writeInt((Integer) value);
            case BIGINT, TIMESTAMP, INSTANT -> output.writeLong((Long) value);
            case FLOAT -> output.writeFloat((Float) value);
            case DOUBLE -> output.writeDouble((Double) value);
            case DECIMAL -> {
                if (type.fitsLong()) {
                    output.writeLong((Long) value);
                } else {
                    writeBytes((byte[]) value, output);
                }
            }
            case STRING ->
                writeBytes(
                        value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value, output);
            case BINARY -> writeBytes((byte[]) value, output);
        }
    }

    /** Reads it back; a text as its UTF-8 bytes. */
    static Object read(BronzeType type, DataInput input) throws IOException {
        if (!input.readBoolean()) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> input.readBoolean();
            case SMALLINT, INTEGER, DATE -> input.readInt();
            case BIGINT, TIMESTAMP, INSTANT -> input.readLong();
            case FLOAT -> input.readFloat();
            case DOUBLE -> input.readDouble();
            case DECIMAL -> type.fitsLong() ? (Object) input.readLong() : readBytes(input);
            case STRING, BINARY -> readBytes(input);
        };
    }

    private static void writeBytes(byte[] bytes, DataOutput output) throws IOException {
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    private static byte[] readBytes(DataInput input) throws IOException {
        byte[] bytes = new byte[input.readInt()];
        input.readFully(bytes);
        return bytes;
    }
}
