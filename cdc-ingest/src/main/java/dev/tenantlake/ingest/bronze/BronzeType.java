package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * What a column is in a bronze file, and the Java class in which its values are passed between the stages.
 *
 * @param kind what it is
 * @param precision of a decimal, how many digits; else 0
 * @param scale of a decimal, how many of them are behind the point; else 0
 */
public record BronzeType(Kind kind, int precision, int scale) {

    /** The most digits that Parquet, Glue, Spark and Trino agree on for a decimal. */
    public static final int MAXIMUM_PRECISION = 38;
    /** The most digits of a decimal that fits a 32-bit integer. */
    private static final int INTEGER_PRECISION = 9;
    /** The most digits of a decimal that fits a 64-bit integer. */
    private static final int LONG_PRECISION = 18;

    /** The kinds of columns, each with the class of its values. */
    public enum Kind {
        /** A {@link Boolean}. */
        BOOLEAN("boolean"),
        /** An {@link Integer} of 16 bits. */
        SMALLINT("smallint"),
        /** An {@link Integer}. */
        INTEGER("int"),
        /** A {@link Long}. */
        BIGINT("bigint"),
        /** A {@link Float}. */
        FLOAT("float"),
        /** A {@link Double}. */
        DOUBLE("double"),
        /** A {@link Long}, the unscaled value, up to 18 digits; above that {@code byte[]}, big-endian, as long as needed. */
        DECIMAL("decimal"),
        /** A {@link String}, or its UTF-8 {@code byte[]}. */
        STRING("string"),
        /** A {@code byte[]}. */
        BINARY("binary"),
        /** An {@link Integer}: days since 1970-01-01. */
        DATE("date"),
        /** A {@link Long}: microseconds since 1970-01-01 00:00, in no time zone. */
        TIMESTAMP("timestamp"),
        /** A {@link Long}: microseconds since 1970-01-01 00:00 UTC. */
        INSTANT("timestamp");

        private final String glueName;

        Kind(String glueName) {
            this.glueName = glueName;
        }
    }

    public BronzeType {
        requireNonNull(kind, "kind");
        if (kind == Kind.DECIMAL
                && (precision < 1 || precision > MAXIMUM_PRECISION || scale < 0 || scale > precision)) {
            throw new IllegalArgumentException("not a decimal that Parquet holds: (" + precision + "," + scale + ")");
        }
    }

    public static BronzeType of(Kind kind) {
        return new BronzeType(kind, 0, 0);
    }

    public static BronzeType decimal(int precision, int scale) {
        return new BronzeType(Kind.DECIMAL, precision, scale);
    }

    /** Whether a decimal's values are stored as 32-bit integers. */
    boolean fitsInteger() {
        return precision <= INTEGER_PRECISION;
    }

    /** Whether a decimal's values are passed as 64-bit integers. */
    public boolean fitsLong() {
        return precision <= LONG_PRECISION;
    }

    /** The type's name in the Glue Data Catalog. */
    public String glueType() {
        return kind == Kind.DECIMAL ? "decimal(" + precision + "," + scale + ")" : kind.glueName;
    }

    /** How a file stores it: a column of that name. */
    PrimitiveType parquet(Type.Repetition repetition, String name) {
        return switch (kind) {
            case BOOLEAN ->
                Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
            case SMALLINT ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(LogicalTypeAnnotation.intType(16, true))
                        .named(name);
            case INTEGER -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
            case BIGINT -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
            case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
            case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
            case DECIMAL ->
                decimalStorage(repetition)
                        .as(LogicalTypeAnnotation.decimalType(scale, precision))
                        .named(name);
            case STRING ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case BINARY -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(name);
            case DATE ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(LogicalTypeAnnotation.dateType())
                        .named(name);
            case TIMESTAMP ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(LogicalTypeAnnotation.timestampType(false, TimeUnit.MICROS))
                        .named(name);
            case INSTANT ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                        .named(name);
        };
    }

    private Types.PrimitiveBuilder<PrimitiveType> decimalStorage(Type.Repetition repetition) {
        if (fitsInteger()) {
            return Types.primitive(PrimitiveTypeName.INT32, repetition);
        }
        return fitsLong()
                ? Types.primitive(PrimitiveTypeName.INT64, repetition)
                : Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                        .length(decimalBytes());
    }

    /** How many bytes hold a decimal that does not fit a 64-bit integer. */
    int decimalBytes() {
        // The digits in bits, and the sign.
        return (int) Math.ceil((precision * (Math.log(10) / Math.log(2)) + 1) / 8);
    }

    /** Reads what {@link #toString} wrote. */
    public static BronzeType parse(String text) {
        int open = text.indexOf('(');
        if (open < 0) {
            return of(Kind.valueOf(text));
        }
        String[] numbers = text.substring(open + 1, text.length() - 1).split(",");
        return new BronzeType(
                Kind.valueOf(text.substring(0, open)), Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    /** {@code INSTANT}, {@code DECIMAL(12,2)} … */
    @Override
    public String toString() {
        return kind == Kind.DECIMAL ? String.format(Locale.ROOT, "DECIMAL(%d,%d)", precision, scale) : kind.name();
    }
}
