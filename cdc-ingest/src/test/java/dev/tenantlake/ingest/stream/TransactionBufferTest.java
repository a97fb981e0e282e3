package dev.tenantlake.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.ingest.bronze.BronzeType.Kind;
import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionBufferTest {

    private static final FileSchema WIDE = new FileSchema(
            "wide",
            Arrays.stream(Kind.values())
                    .map(kind -> new FileSchema.Column(
                            kind.name(), kind == Kind.DECIMAL ? BronzeType.decimal(38, 2) : BronzeType.of(kind)))
                    .toList());
    private static final FileSchema NARROW =
            new FileSchema("narrow", List.of(new FileSchema.Column("price", BronzeType.decimal(12, 2))));

    private static Object[] wide(int number) {
        return Arrays.stream(Kind.values())
                .map(kind -> number % 3 == 0
                        ? null
                        : switch (kind) {
                            case BOOLEAN -> number % 2 == 0;
                            case SMALLINT, INTEGER, DATE -> number;
                            case BIGINT, TIMESTAMP, INSTANT -> (long) number << 40;
                            case FLOAT -> number / 3f;
                            case DOUBLE -> number / 3.0;
                            case DECIMAL, BINARY -> new byte[] {(byte) number, 0, -1};
                            case STRING -> "Zoë " + number;
                        })
                .toArray();
    }

    @Test
    void givesBackWhatItWasGivenFromMemoryAndFromDisk(@TempDir Path folder) throws Exception {
        try (TransactionBuffer small = new TransactionBuffer(folder.resolve("."), 4_000);
                TransactionBuffer large = new TransactionBuffer(folder, Long.MAX_VALUE)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 100; i++) {
                    for (TransactionBuffer buffer : List.of(small, large)) {
                        buffer.add(WIDE, Operation.CREATE, wide(i));
                        buffer.add(NARROW, Operation.DELETE, new Object[] {(long) i});
                    }
                }
                assertThat(small.isSpilled()).isTrue();
                assertThat(large.isSpilled()).isFalse();
                assertThat(small.size()).isEqualTo(200);

                List<List<Object>> fromDisk = drain(small);
                assertThat(fromDisk).hasSize(200).isEqualTo(drain(large));
                assertThat(small.size()).isZero();
                assertThat(folder).as("the file is gone").isEmptyDirectory();
            }
        }
    }

    @Test
    void forgetsWhatItIsToldToForget(@TempDir Path folder) throws Exception {
        try (TransactionBuffer buffer = new TransactionBuffer(folder, 100)) {
            buffer.add(WIDE, Operation.CREATE, wide(1));
            assertThat(buffer.isSpilled()).isTrue();
            buffer.clear();
            assertThat(drain(buffer)).isEmpty();
            assertThat(folder).isEmptyDirectory();
        }
    }

    private static List<List<Object>> drain(TransactionBuffer buffer) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        buffer.drainTo((schema, operation, values) -> {
            List<Object> row = new ArrayList<>(List.of(schema, operation));
            for (Object value : values) {
                // A text comes back as its bytes.
                row.add(
                        value instanceof String text
                                ? Arrays.toString(text.getBytes(StandardCharsets.UTF_8))
                                : value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
            }
            rows.add(row);
        });
        return rows;
    }
}
