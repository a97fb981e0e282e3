package dev.tenantlake.etl.hudi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hudi.keygen.BaseKeyGenerator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever else writes to a table has Hudi's keys: ours are the same, character by character. */
class RecordKeysTest {

    private static final long[] NUMBERS = {
        0, 1, 9, 10, 99, 100, 12_345_678_901L, Long.MAX_VALUE, -1, -10, -987_654_321, Long.MIN_VALUE
    };

    static Stream<HudiTable> tables() {
        return Stream.of(
                table(List.of("tenant_id", "id"), List.of("tenant_id")),
                table(List.of("id"), List.of("tenant_id")),
                table(List.of("id"), List.of()),
                table(List.of("tenant_id", "id"), List.of()),
                table(List.of("tenant_id", "day", "name"), List.of("tenant_id")));
    }

    private static HudiTable table(List<String> key, List<String> partition) {
        return new HudiTable(
                Layer.SILVER,
                "keyed",
                key,
                partition,
                List.of(
                        new Column("tenant_id", "bigint"),
                        new Column("id", "bigint"),
                        new Column("day", "date"),
                        new Column("name", "string")));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void areThoseOfHudi(HudiTable table) {
        WriteSettings write = WriteSettings.of(table, "/keyed", schema(table));
        RecordKeys keys = new RecordKeys(write);
        for (InternalRow row : rows(table)) {
            String expected = write.keys().getRecordKey(row, write.schema()).toString();
            assertThat(keys.of(row)).hasToString(expected);
        }
    }

    @Test
    void haveAWordForWhatIsNullOrEmpty() {
        HudiTable table = table(List.of("tenant_id", "day", "name"), List.of("tenant_id"));
        RecordKeys keys = new RecordKeys(WriteSettings.of(table, "/keyed", schema(table)));
        assertThat(keys.of(row(table, 3L, 17L, ""))).hasToString("tenant_id:3,day:2024-10-04,name:__empty__");
        assertThat(keys.of(row(table, null, 17L, null))).hasToString("tenant_id:__null__,day:2024-10-04,name:__null__");
    }

    /** Hudi's generator for Spark's rows refuses these; the one for Avro's records, which others may write by, has them so. */
    @Test
    void haveItInATableWithoutPartitionsToo() {
        HudiTable table = table(List.of("tenant_id", "name"), List.of());
        WriteSettings write = WriteSettings.of(table, "/keyed", schema(table));
        RecordKeys keys = new RecordKeys(write);
        for (String name : new String[] {"", null, "werd"}) {
            Schema avro = new Schema.Parser().parse(write.hudi().getWriteSchema());
            GenericRecord same = new GenericData.Record(avro);
            same.put("tenant_id", 3L);
            same.put("name", name);
            assertThat(keys.of(row(table, 3L, 17L, name)))
                    .hasToString(((BaseKeyGenerator) write.keys()).getRecordKey(same));
        }
    }

    private static StructType schema(HudiTable table) {
        return table.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
    }

    private static List<InternalRow> rows(HudiTable table) {
        List<InternalRow> rows = new ArrayList<>();
        for (long number : NUMBERS) {
            rows.add(row(table, number, number / 7, "värde"));
        }
        if (!table.partitionColumns().isEmpty()) {
            rows.add(row(table, null, 17L, ""));
            rows.add(row(table, 3L, 17L, null));
        }
        return rows;
    }

    private static InternalRow row(HudiTable table, Long tenant, Long id, String name) {
        return UnsafeProjection.create(schema(table))
                .apply(new GenericInternalRow(new Object[] {tenant, id, 20_000, UTF8String.fromString(name), false}))
                .copy();
    }
}
