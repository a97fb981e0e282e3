package dev.tenantlake.etl.hudi;

import dev.tenantlake.parquet.Column;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Takes values of one type from Spark's rows, columns and arrays to a column of a file. */
@FunctionalInterface
interface Values {

    /**
     * Adds a value.
     *
     * @param from a row, or the values of a column or an array
     * @param at the value's place there
     */
    void add(SpecializedGetters from, int at, Column to);

    /**
     * Takes values of a type, null among them.
     *
     * @throws IllegalArgumentException if there is no column for it in a file
     */
    static Values of(DataType type) {
        Values present = present(type);
        return (from, at, to) -> {
            if (from.isNullAt(at)) {
                to.addNull();
            } else {
                present.add(from, at, to);
            }
        };
    }

    private static Values present(DataType type) {
        if (type instanceof LongType || type instanceof TimestampType) {
            return (from, at, to) -> to.addLong(from.getLong(at));
        } else if (type instanceof IntegerType || type instanceof DateType) {
            return (from, at, to) -> to.addInt(from.getInt(at));
        } else if (type instanceof BooleanType) {
            return (from, at, to) -> to.addBoolean(from.getBoolean(at));
        } else if (type instanceof FloatType) {
            return (from, at, to) -> to.addFloat(from.getFloat(at));
        } else if (type instanceof DoubleType) {
            return (from, at, to) -> to.addDouble(from.getDouble(at));
        } else if (type instanceof StringType) {
            return (from, at, to) -> add(from.getUTF8String(at), to);
        } else if (type instanceof BinaryType) {
            return (from, at, to) -> {
                byte[] bytes = from.getBinary(at);
                to.addBytes(bytes, 0, bytes.length);
            };
        } else if (type instanceof DecimalType decimal) {
            return ofDecimal(decimal.precision(), decimal.scale());
        } else if (type instanceof ArrayType array) {
            return ofArray(of(array.elementType()));
        } else if (type instanceof StructType struct) {
            return ofStruct(struct);
        }
        throw new IllegalArgumentException("no column of a file is of " + type.catalogString());
    }

    /** Adds text. */
    static void add(UTF8String text, Column to) {
        if (text.getBaseObject() instanceof byte[] bytes) {
            to.addBytes(bytes, (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET), text.numBytes());
        } else {
            byte[] bytes = text.getBytes();
            to.addBytes(bytes, 0, bytes.length);
        }
    }

    private static Values ofDecimal(int precision, int scale) {
        if (precision <= Decimal.MAX_LONG_DIGITS()) {
            return (from, at, to) ->
                    to.addLong(from.getDecimal(at, precision, scale).toUnscaledLong());
        }
        return (from, at, to) -> {
            byte[] unscaled = from.getDecimal(at, precision, scale)
                    .toJavaBigDecimal()
                    .unscaledValue()
                    .toByteArray();
            to.addBytes(unscaled, 0, unscaled.length);
        };
    }

    private static Values ofArray(Values elements) {
        return (from, at, to) -> {
            ArrayData array = from.getArray(at);
            Column column = to.addList(array.numElements());
            for (int i = 0; i < array.numElements(); i++) {
                elements.add(array, i, column);
            }
        };
    }

    private static Values ofStruct(StructType struct) {
        Values[] fields =
                Stream.of(struct.fields()).map(field -> of(field.dataType())).toArray(Values[]::new);
        return (from, at, to) -> {
            InternalRow values = from.getStruct(at, fields.length);
            for (int i = 0; i < fields.length; i++) {
                fields[i].add(values, i, to.field(i));
            }
        };
    }
}
