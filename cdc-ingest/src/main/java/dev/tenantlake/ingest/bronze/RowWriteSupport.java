package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Lays a bronze row out as Parquet wants it. */
final class RowWriteSupport extends WriteSupport<BronzeRow> {

    private static final Binary[] OPERATIONS = Stream.of(Operation.values())
            .map(operation -> Binary.fromString(operation.code()))
            .toArray(Binary[]::new);

    private final MessageType parquet;
    private final String[] names;
    private final BronzeType[] types;
    private final long epoch;
    private RecordConsumer consumer;

    RowWriteSupport(FileSchema schema, long epoch) {
        this.parquet = requireNonNull(schema, "schema").parquet();
        this.names = schema.columns().stream().map(FileSchema.Column::name).toArray(String[]::new);
        this.types = schema.columns().stream().map(FileSchema.Column::type).toArray(BronzeType[]::new);
        this.epoch = epoch;
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
        return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return context();
    }

    private WriteContext context() {
        return new WriteContext(parquet, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(BronzeRow row) {
        consumer.startMessage();
        Object[] values = row.values();
        for (int i = 0; i < types.length; i++) {
            if (values[i] != null) {
                consumer.startField(names[i], i);
                add(types[i], values[i]);
                consumer.endField(names[i], i);
            }
        }
        int next = types.length;
        consumer.startField(BronzeColumns.OP, next);
        consumer.addBinary(OPERATIONS[row.operation().ordinal()]);
        consumer.endField(BronzeColumns.OP, next);
        addLong(BronzeColumns.LSN, next + 1, row.stamp().lsn().value());
        addLong(BronzeColumns.TX_ID, next + 2, row.stamp().transactionId());
        addLong(BronzeColumns.ORDINAL, next + 3, row.ordinal());
        addLong(BronzeColumns.COMMITTED_AT, next + 4, row.stamp().committedAtMicros());
        addLong(BronzeColumns.EPOCH, next + 5, epoch);
        consumer.endMessage();
    }

    private void addLong(String name, int index, long value) {
        consumer.startField(name, index);
        consumer.addLong(value);
        consumer.endField(name, index);
    }

    private void add(BronzeType type, Object value) {
        switch (type.kind()) {
            case BOOLEAN -> consumer.addBoolean((Boolean) value);
            case SMALLINT, INTEGER, DATE -> consumer.addInteger((Integer) value);
            case BIGINT, TIMESTAMP, INSTANT -> consumer.addLong((Long) value);
            case FLOAT -> consumer.addFloat((Float) value);
            case DOUBLE -> consumer.addDouble((Double) value);
            case DECIMAL -> {
                if (type.fitsInteger()) {
                    consumer.addInteger(Math.toIntExact((Long) value));
                } else if (type.fitsLong()) {
                    consumer.addLong((Long) value);
                } else {
                    consumer.addBinary(padded((byte[]) value, type.decimalBytes()));
                }
            }
            case STRING ->
                consumer.addBinary(
                        value instanceof String text
                                ? Binary.fromString(text)
                                : Binary.fromConstantByteArray((byte[]) value));
            case BINARY -> consumer.addBinary(Binary.fromConstantByteArray((byte[]) value));
        }
    }

    /** A big-endian two's complement number, stretched to that many bytes. */
    private static Binary padded(byte[] number, int length) {
        byte[] padded = new byte[length];
        byte sign = (byte) (number[0] < 0 ? -1 : 0);
        for (int i = 0; i < length - number.length; i++) {
            padded[i] = sign;
        }
        System.arraycopy(number, 0, padded, length - number.length, number.length);
        return Binary.fromConstantByteArray(padded);
    }
}
