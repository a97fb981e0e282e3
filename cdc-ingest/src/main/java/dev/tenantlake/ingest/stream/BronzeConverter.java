package dev.tenantlake.ingest.stream;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.ingest.source.ColumnReader;
import dev.tenantlake.ingest.source.SourceType;
import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.LakeException;
import io.debezium.DebeziumException;
import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Takes every column over from Debezium's own conversion, which would turn a NaN into null and an instant into text that
 * has to be parsed again. Debezium makes it by its class name; the schema that it gives a field says what the field is
 * in bronze.
 */
public final class BronzeConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

    /** The property that holds the {@link UnrepresentablePolicy}. */
    static final String POLICY = "unrepresentable";

    private static final String TYPE = "tenantlake.type";
    private static final String REQUIRED = "tenantlake.required";

    /** No text of Postgres holds this character. */
    private static final String UNCHANGED_TEXT = "\u0000";
    /** Told by its identity. */
    private static final byte[] UNCHANGED_BYTES = {};
    /** No decimal of up to 18 digits, and beyond what Postgres and bronze take for an instant. */
    private static final long UNCHANGED_DECIMAL = Long.MIN_VALUE;

    private UnrepresentablePolicy policy = UnrepresentablePolicy.STOP;

    @Override
    public void configure(Properties properties) {
        policy = UnrepresentablePolicy.valueOf(properties.getProperty(POLICY));
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        // Whether it is an array shows in the value, which then is of the driver's class for arrays.
        SourceType type = column.nativeType() == SourceType.NUMERIC
                ? new SourceType(
                        column.nativeType(),
                        false,
                        column.length().orElse(-1),
                        column.scale().orElse(0))
                : SourceType.of(column.nativeType(), false);
        ColumnReader reader = new ColumnReader(column.dataCollection(), column.name(), type, policy);
        SchemaBuilder schema = schema(reader.type())
                .optional()
                .parameter(TYPE, reader.type().toString())
                .parameter(REQUIRED, String.valueOf(!column.isOptional()));
        boolean defaultComesFirst = column.hasDefaultValue() && column.defaultValue() != null;
        registration.register(schema, new FieldConverter(column, reader, defaultComesFirst));
    }

    /** What a field that this made is in bronze. */
    static BronzeType typeOf(Schema field) {
        return BronzeType.parse(field.parameters().get(TYPE));
    }

    /** Whether the source lets a field that this made not be null. */
    static boolean isRequired(Schema field) {
        return Boolean.parseBoolean(field.parameters().get(REQUIRED));
    }

    private static SchemaBuilder schema(BronzeType type) {
        Schema.Type physical = switch (type.kind()) {
            case BOOLEAN -> Schema.Type.BOOLEAN;
            case SMALLINT, INTEGER, DATE -> Schema.Type.INT32;
            case BIGINT, TIMESTAMP, INSTANT -> Schema.Type.INT64;
            case FLOAT -> Schema.Type.FLOAT32;
            case DOUBLE -> Schema.Type.FLOAT64;
            case DECIMAL -> type.fitsLong() ? Schema.Type.INT64 : Schema.Type.BYTES;
            case STRING -> Schema.Type.STRING;
            case BINARY -> Schema.Type.BYTES;
        };
        return new SchemaBuilder(physical) {
            /** Without: a column's default would be read in place of a null. */
            @Override
            public SchemaBuilder defaultValue(Object value) {
                return this;
            }
        };
    }

    /**
     * Whether a value that this gave stands for one that the change stream left out, since it is unchanged and the table's
     * replica identity is not full.
     */
    static boolean isUnchanged(Object value) {
        return value == UNCHANGED_BYTES
                || value instanceof String text && text.equals(UNCHANGED_TEXT)
                || value instanceof Long number && number == UNCHANGED_DECIMAL;
    }

    /** Of the kinds whose values Postgres stores apart from their row. */
    private static Object unchanged(BronzeType type) {
        return switch (type.kind()) {
            case STRING -> UNCHANGED_TEXT;
            case DECIMAL -> type.fitsLong() ? (Object) UNCHANGED_DECIMAL : UNCHANGED_BYTES;
            default -> UNCHANGED_BYTES;
        };
    }

    /** Converts the values of one column. */
    private static final class FieldConverter implements Converter {

        private final String table;
        private final String column;
        private final ColumnReader reader;
        private final Object unchanged;
        private boolean defaultComesFirst;

        FieldConverter(RelationalColumn column, ColumnReader reader, boolean defaultComesFirst) {
            this.table = column.dataCollection();
            this.column = column.name();
            this.reader = reader;
            this.unchanged = unchanged(reader.type());
            this.defaultComesFirst = defaultComesFirst;
        }

        @Override
        public Object convert(Object raw) {
            boolean mayBeDefault = defaultComesFirst;
            defaultComesFirst = false;
            if (raw == null) {
                return null;
            }
            if (UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(raw)) {
                return unchanged;
            }
            try {
                return reader.fromStream(raw);
            } catch (LakeException e) {
                // Debezium keeps the cause of what is thrown here, and not what is thrown.
                throw new DebeziumException(e);
            } catch (RuntimeException e) {
                if (mayBeDefault) {
                    // Before any value, Debezium passes the column's default, in a form of its own; it is not wanted.
                    return null;
                }
                throw new DebeziumException(new LakeException(
                        LakeException.Kind.CORRUPT,
                        "column " + column + " of " + table + " came from the change stream in a form that cannot be"
                                + " read as " + reader.type() + ": " + e.getMessage(),
                        e));
            }
        }
    }
}
