package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenantlake.parquet.Column;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hudi.keygen.SparkKeyGeneratorInterface;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What Hudi has as the keys of rows: {@code tenant_id:3,id:17}. Hudi's key generators say it; a key of whole numbers, texts and
 * dates is put together here, without the objects that a generator makes of each value. What is null or empty has the word
 * that Hudi has for it, also in a table without partitions: there Hudi's generator for Spark's rows refuses what the one for
 * Avro's records takes. For one thread.
 */
final class RecordKeys {

    /** {@code KeyGenUtils} has these. */
    private static final byte[] NULL = "__null__".getBytes(US_ASCII);

    private static final byte[] EMPTY = "__empty__".getBytes(US_ASCII);

    private static final Map<DataType, Kind> KINDS = Map.of(
            DataTypes.LongType, RecordKeys::putNumber,
            DataTypes.StringType, RecordKeys::putText,
            DataTypes.DateType, RecordKeys::putDate);

    private final SparkKeyGeneratorInterface generator;
    private final StructType schema;

    /** The key's columns; without any, the generator is asked. */
    private final List<Part> parts = new ArrayList<>();

    private final AsciiText text = new AsciiText();

    /** How a value that is not null is put into a key. */
    @FunctionalInterface
    private interface Kind {
        void put(RecordKeys keys, InternalRow row, int ordinal);
    }

    /**
     * A column of the key.
     *
     * @param name what stands before its value
     */
    private record Part(int ordinal, byte[] name, Kind kind) {}

    RecordKeys(WriteSettings write) {
        this.generator = write.keys();
        this.schema = write.schema();
        List<String> key = write.recordKey();
        List<Optional<Kind>> kinds = key.stream()
                .map(column ->
                        Optional.ofNullable(KINDS.get(schema.apply(column).dataType())))
                .toList();
        // Of one column the generator gives the value alone.
        if (key.size() > 1 && kinds.stream().allMatch(Optional::isPresent)) {
            for (int i = 0; i < key.size(); i++) {
                parts.add(new Part(
                        schema.fieldIndex(key.get(i)),
                        ((i == 0 ? "" : ",") + key.get(i) + ":").getBytes(UTF_8),
                        kinds.get(i).get()));
            }
        }
    }

    /** The key of a row, which holds until the next is asked for. */
    UTF8String of(InternalRow row) {
        if (parts.isEmpty()) {
            return generator.getRecordKey(row, schema);
        }
        put(row);
        return UTF8String.fromBytes(text.bytes(), 0, text.length());
    }

    /** Adds the key of a row to a column. */
    void add(InternalRow row, Column to) {
        if (parts.isEmpty()) {
            Values.add(generator.getRecordKey(row, schema), to);
        } else {
            put(row);
            to.addBytes(text.bytes(), 0, text.length());
        }
    }

    private void put(InternalRow row) {
        text.clear();
        for (Part part : parts) {
            text.put(part.name());
            if (row.isNullAt(part.ordinal())) {
                text.put(NULL);
            } else {
                part.kind().put(this, row, part.ordinal());
            }
        }
    }

    private void putNumber(InternalRow row, int ordinal) {
        text.put(row.getLong(ordinal));
    }

    private void putText(InternalRow row, int ordinal) {
        UTF8String value = row.getUTF8String(ordinal);
        text.put(value.numBytes() == 0 ? EMPTY : value.getBytes());
    }

    private void putDate(InternalRow row, int ordinal) {
        text.put(LocalDate.ofEpochDay(row.getInt(ordinal)).toString().getBytes(US_ASCII));
    }
}
