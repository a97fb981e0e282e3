package dev.tenantlake.bench.baseline;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Gives Parquet the values of Debezium's rows as they come. */
final class StructWriteSupport extends WriteSupport<Struct> {

    private static final String PRECISION = "connect.decimal.precision";
    private static final String MOST_DIGITS = "38";

    private final List<Field> fields;
    private final MessageType type;
    private RecordConsumer consumer;

    StructWriteSupport(Schema schema) {
        this.fields = schema.fields();
        this.type = new MessageType(
                "row", fields.stream().map(StructWriteSupport::type).toList());
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
        return new WriteContext(type, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(type, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(Struct row) {
        consumer.startMessage();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Object value = row.get(field);
            if (value != null) {
                consumer.startField(field.name(), i);
                add(value);
                consumer.endField(field.name(), i);
            }
        }
        consumer.endMessage();
    }

    private void add(Object value) {
        if (value instanceof Long number) {
            consumer.addLong(number);
        } else if (value instanceof Integer number) {
            consumer.addInteger(number);
        } else if (value instanceof Short number) {
            consumer.addInteger(number);
        } else if (value instanceof Boolean truth) {
            consumer.addBoolean(truth);
        } else if (value instanceof BigDecimal number) {
            consumer.addBinary(
                    Binary.fromConstantByteArray(number.unscaledValue().toByteArray()));
        } else {
            consumer.addBinary(Binary.fromString(value.toString()));
        }
    }

    private static Type type(Field field) {
        Schema schema = field.schema();
        Types.PrimitiveBuilder<?> optional = Types.optional(
                switch (schema.type()) {
                    case INT64 -> PrimitiveTypeName.INT64;
                    case INT32, INT16 -> PrimitiveTypeName.INT32;
                    case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
                    default -> PrimitiveTypeName.BINARY;
                });
        return (Type)
                switch (schema.type()) {
                    case INT64, INT32, INT16, BOOLEAN -> optional.named(field.name());
                    case BYTES ->
                        Decimal.LOGICAL_NAME.equals(schema.name())
                                ? optional.as(decimal(schema)).named(field.name())
                                : optional.named(field.name());
                    default -> optional.as(LogicalTypeAnnotation.stringType()).named(field.name());
                };
    }

    private static LogicalTypeAnnotation decimal(Schema schema) {
        Map<String, String> parameters = schema.parameters();
        return LogicalTypeAnnotation.decimalType(
                Integer.parseInt(parameters.get(Decimal.SCALE_FIELD)),
                Integer.parseInt(parameters.getOrDefault(PRECISION, MOST_DIGITS)));
    }
}
