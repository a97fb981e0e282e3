package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenantlake.parquet.Column;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hudi.keygen.ComplexKeyGenerator;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What Hudi has as the keys of rows: {@code tenant_id:3,id:17}. Hudi's key generator says it; where a key is whole numbers,
 * as that of nearly all rows is, it is put together here, without the objects that the generator makes of each value.
 * For one thread.
 */
final class RecordKeys {

    private final SparkKeyGeneratorInterface generator;
    private final StructType schema;

    /** The places of the key's columns; without any, the generator is asked. */
    private final int[] columns;
    /** What stands before each. */
    private final byte[][] names;

    private final AsciiText text = new AsciiText();

    RecordKeys(WriteSettings write) {
        this.generator = write.keys();
        this.schema = write.schema();
        List<String> key = write.recordKey();
        // Of one column the generator gives the value alone.
        boolean known = generator instanceof ComplexKeyGenerator
                && key.size() > 1
                && key.stream()
                        .allMatch(column -> schema.apply(column).dataType().equals(DataTypes.LongType));
        this.columns = known ? key.stream().mapToInt(schema::fieldIndex).toArray() : new int[0];
        this.names = IntStream.range(0, columns.length)
                .mapToObj(i -> ((i == 0 ? "" : ",") + key.get(i) + ":").getBytes(UTF_8))
                .toArray(byte[][]::new);
    }

    /** The key of a row, which holds until the next is asked for. */
    UTF8String of(InternalRow row) {
        if (!isKnown(row)) {
            return generator.getRecordKey(row, schema);
        }
        put(row);
        return UTF8String.fromBytes(text.bytes(), 0, text.length());
    }

    /** Adds the key of a row to a column. */
    void add(InternalRow row, Column to) {
        if (isKnown(row)) {
            put(row);
            to.addBytes(text.bytes(), 0, text.length());
        } else {
            Values.add(generator.getRecordKey(row, schema), to);
        }
    }

    private boolean isKnown(InternalRow row) {
        for (int column : columns) {
            if (row.isNullAt(column)) {
                return false;
            }
        }
        return columns.length > 0;
    }

    private void put(InternalRow row) {
        text.clear();
        for (int i = 0; i < columns.length; i++) {
            text.put(names[i]);
            text.put(row.getLong(columns[i]));
        }
    }
}
