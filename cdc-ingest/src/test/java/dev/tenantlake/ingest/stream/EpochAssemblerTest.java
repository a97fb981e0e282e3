package dev.tenantlake.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stream that is not as it should be leads to: nothing is stored of it. */
class EpochAssemblerTest {

    private static final Schema ROW = SchemaBuilder.struct()
            .field("id", field(BronzeType.Kind.BIGINT, true))
            .field("note", field(BronzeType.Kind.STRING, true))
            .optional()
            .build();
    private static final Schema KEY = SchemaBuilder.struct()
            .field("id", field(BronzeType.Kind.BIGINT, true))
            .build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .build();
    private static final Schema PLACE =
            SchemaBuilder.struct().field("total_order", Schema.INT64_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SOURCE)
            .field("op", Schema.STRING_SCHEMA)
            .field("transaction", PLACE)
            .build();
    private static final Schema BOUNDARY = SchemaBuilder.struct()
            .field("status", Schema.STRING_SCHEMA)
            .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private EpochAssembler assembler;
    private CarriedTables tables;

    @BeforeEach
    void open(@TempDir Path folder) {
        tables = new CarriedTables(Set.of("things"));
        assembler = new EpochAssembler(folder, 7, new Lsn(100), "tenantlake", tables);
    }

    @AfterEach
    void close() throws Exception {
        assembler.close();
    }

    private static Schema field(BronzeType.Kind kind, boolean required) {
        SchemaBuilder schema = kind == BronzeType.Kind.BIGINT ? SchemaBuilder.int64() : SchemaBuilder.string();
        return schema.optional()
                .parameter("tenantlake.type", kind.name())
                .parameter("tenantlake.required", String.valueOf(required))
                .build();
    }

    private static SourceRecord boundary(String status, Long events, long lsn) {
        Struct value = new Struct(BOUNDARY).put("status", status).put("event_count", events);
        return new SourceRecord(
                Map.of(),
                Map.of("lsn", lsn, "txId", 5L, "ts_usec", 1_000_000L),
                "tenantlake.transaction",
                BOUNDARY,
                value);
    }

    private static SourceRecord begin() {
        return boundary("BEGIN", null, 0);
    }

    private static SourceRecord end(long events, long lsn) {
        return boundary("END", events, lsn);
    }

    private static Struct row(Long id, String note) {
        return new Struct(ROW).put("id", id).put("note", note);
    }

    private static SourceRecord change(long order, String operation, Struct before, Struct after) {
        Struct value = new Struct(ENVELOPE)
                .put("before", before)
                .put("after", after)
                .put("op", operation)
                .put("source", new Struct(SOURCE).put("schema", "shop").put("table", "things"))
                .put("transaction", new Struct(PLACE).put("total_order", order));
        return new SourceRecord(Map.of(), Map.of(), "tenantlake.shop.things", KEY, new Struct(KEY), ENVELOPE, value);
    }

    private static SourceRecord insert(long order) {
        return change(order, "c", null, row(order, "n"));
    }

    @Test
    void takesATransactionAtItsEnd() throws Exception {
        assertThat(assembler.accept(begin())).isFalse();
        assertThat(assembler.accept(insert(1))).isFalse();
        assertThat(assembler.accept(insert(2))).isFalse();
        assertThat(assembler.epoch().isEmpty()).isTrue();
        assertThat(assembler.epoch().rows()).isZero();
        assertThat(assembler.accept(end(2, 200))).isTrue();
        assertThat(assembler.epoch().rows()).isEqualTo(2);
        assertThat(assembler.epoch().number()).isEqualTo(8);
        assertThat(assembler.cut().last().lsn()).isEqualTo(new Lsn(200));
        assertThat(assembler.epoch().number()).isEqualTo(9);
    }

    @Test
    void passesOverATransactionThatTheLakeHolds() throws Exception {
        assembler.accept(begin());
        assembler.accept(insert(1));
        assembler.accept(end(1, 100));
        assertThat(assembler.epoch().isEmpty()).isTrue();
        assertThat(assembler.epoch().rows()).isZero();
    }

    @Test
    void refusesATransactionWithAGap() throws Exception {
        assembler.accept(begin());
        assembler.accept(insert(1));
        assertThatThrownBy(() -> assembler.accept(insert(3)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("its change number 3 where number 2 was due");
    }

    @Test
    void refusesATransactionWhoseLastRowsAreMissing() throws Exception {
        assembler.accept(begin());
        assembler.accept(insert(1));
        assertThatThrownBy(() -> assembler.accept(end(2, 200)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("a transaction of 2 changes ended after 1");
        assertThat(assembler.epoch().rows()).isZero();
    }

    @Test
    void refusesATransactionWhoseFirstRowsAreMissing() throws Exception {
        assertThatThrownBy(() -> assembler.accept(insert(1))).hasMessageContaining("outside of any transaction");
        assembler.accept(begin());
        assertThatThrownBy(() -> assembler.accept(insert(2))).hasMessageContaining("number 1 was due");
        assertThatThrownBy(() -> assembler.accept(begin())).hasMessageContaining("before another ended");
    }

    @Test
    void passesOverATableFromADeleteOnThatTellsTheKeyAlone() throws Exception {
        assertPassedOverFrom(change(2, "d", row(1L, null), null));
    }

    @Test
    void passesOverATableFromAnUpdateOnThatDoesNotTellWhatWas() throws Exception {
        assertPassedOverFrom(change(2, "u", null, row(1L, "n")));
    }

    private void assertPassedOverFrom(SourceRecord second) throws Exception {
        assembler.accept(begin());
        assembler.accept(insert(1));
        assembler.accept(second);
        assembler.accept(insert(3));
        assembler.accept(end(3, 200));
        assertThat(assembler.epoch().rows()).isEqualTo(1);
        assertThat(tables.names()).isEmpty();
        assertThat(assembler.cut().dropped()).containsExactly("things");

        tables.loaded(Map.of("shop.things", "things"));
        assembler.accept(begin());
        assembler.accept(insert(1));
        assembler.accept(end(1, 300));
        assertThat(assembler.epoch().rows()).as("after a load").isEqualTo(1);
        assertThat(assembler.cut().dropped()).isEmpty();
        assertThat(tables.names()).containsExactly("things");
    }
}
