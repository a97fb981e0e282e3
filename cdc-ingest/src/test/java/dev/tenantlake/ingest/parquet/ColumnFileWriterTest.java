package dev.tenantlake.ingest.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.tenantlake.ingest.bronze.ZstdCodecFactory;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read back by Parquet's own reader, values and what is said of them. */
class ColumnFileWriterTest {

    private static final MessageType EVERY_TYPE = MessageTypeParser.parseMessageType("""
            message every_type {
              optional boolean truth;
              optional int32 number;
              optional int64 wide;
              optional float single;
              optional double twice;
              optional binary text (UTF8);
              optional binary raw;
              optional fixed_len_byte_array(9) decimal (DECIMAL(20,2));
              required int64 place;
            }
            """);

    @TempDir
    private Path folder;

    /** Rows with few values, with values of which none comes again, and with nulls among them, at their ends and alone. */
    static Stream<IntFunction<Object[]>> rows() {
        return Stream.of(
                i -> row(i, i % 3),
                i -> row(i, i * 7919 % 100_003),
                i -> i % 5 == 0 ? nulls(i) : row(i, i),
                i -> i < 30_000 ? nulls(i) : row(i, 1),
                i -> i >= 100 ? nulls(i) : row(i, -i),
                i -> row(i, i < 25_000 ? i % 100 : i),
                ColumnFileWriterTest::nulls);
    }

    private static Object[] row(int place, int value) {
        return new Object[] {
            value % 2 == 0,
            value,
            value * 1_000_000_007L,
            value / 2f,
            value / 3.0,
            "värde " + value,
            new byte[] {(byte) value, (byte) (value >> 8), -1},
            BigInteger.valueOf(value).toByteArray(),
            (long) place
        };
    }

    private static Object[] nulls(int place) {
        return new Object[] {null, null, null, null, null, null, null, null, (long) place};
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isReadAsItIsWritten(IntFunction<Object[]> rows) throws IOException {
        assertReadAsWritten(rows, 50_001);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 31, 32, 33, 20_000})
    void isReadAsItIsWrittenHoweverFewTheRowsAre(int count) throws IOException {
        assertReadAsWritten(i -> i % 4 == 2 ? nulls(i) : row(i, i % 6), count);
    }

    private void assertReadAsWritten(IntFunction<Object[]> rows, int count) throws IOException {
        Path file = write(EVERY_TYPE, rows, count);
        List<Group> read = read(file);
        assertThat(read).hasSize(count);
        for (int i = 0; i < count; i++) {
            List<String> expected = text(rows.apply(i));
            if (!values(read.get(i)).equals(expected)) {
                assertThat(values(read.get(i))).as("row " + i).isEqualTo(expected);
            }
        }
        assertStatistics(file, read);
    }

    /** Each page and chunk says the least and the largest of its values, and how many nulls it has. */
    private static void assertStatistics(Path file, List<Group> rows) throws IOException {
        try (ParquetFileReader reader = open(file)) {
            int firstOfGroup = 0;
            for (BlockMetaData group : reader.getRowGroups()) {
                int end = firstOfGroup + (int) group.getRowCount();
                for (ColumnChunkMetaData chunk : group.getColumns()) {
                    int field = EVERY_TYPE.getFieldIndex(chunk.getPath().toDotString());
                    Statistics<?> expected = statistics(rows.subList(firstOfGroup, end), field);
                    assertThat(chunk.getStatistics()).as(chunk.toString()).isEqualTo(expected);
                    ColumnIndex index = reader.readColumnIndex(chunk);
                    OffsetIndex offsets = reader.readOffsetIndex(chunk);
                    for (int page = 0; page < offsets.getPageCount(); page++) {
                        int first = firstOfGroup + (int) offsets.getFirstRowIndex(page);
                        int last = firstOfGroup + (int) offsets.getLastRowIndex(page, group.getRowCount());
                        Statistics<?> ofPage = statistics(rows.subList(first, last + 1), field);
                        assertThat(index.getNullCounts().get(page)).isEqualTo(ofPage.getNumNulls());
                        if (ofPage.hasNonNullValue()) {
                            assertThat(bytes(index.getMinValues().get(page))).isEqualTo(ofPage.getMinBytes());
                            assertThat(bytes(index.getMaxValues().get(page))).isEqualTo(ofPage.getMaxBytes());
                        }
                    }
                }
                firstOfGroup = end;
            }
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static Statistics<?> statistics(List<Group> rows, int field) {
        PrimitiveType type = EVERY_TYPE.getType(field).asPrimitiveType();
        Statistics<?> statistics = Statistics.createStats(type);
        for (Group row : rows) {
            if (row.getFieldRepetitionCount(field) == 0) {
                statistics.incrementNumNulls();
                continue;
            }
            switch (type.getPrimitiveTypeName()) {
                case BOOLEAN -> statistics.updateStats(row.getBoolean(field, 0));
                case INT32 -> statistics.updateStats(row.getInteger(field, 0));
                case INT64 -> statistics.updateStats(row.getLong(field, 0));
                case FLOAT -> statistics.updateStats(row.getFloat(field, 0));
                case DOUBLE -> statistics.updateStats(row.getDouble(field, 0));
                default -> statistics.updateStats(row.getBinary(field, 0));
            }
        }
        return statistics;
    }

    @Test
    void usesADictionaryWhereValuesComeAgain() throws IOException {
        Path file = write(EVERY_TYPE, i -> row(i, i % 100), 50_000);
        assertThat(encodings(file, "text")).contains(Encoding.PLAIN_DICTIONARY).doesNotContain(Encoding.PLAIN);
        assertThat(encodings(file, "wide")).contains(Encoding.PLAIN_DICTIONARY).doesNotContain(Encoding.PLAIN);
        assertThat(encodings(file, "place")).contains(Encoding.PLAIN).doesNotContain(Encoding.PLAIN_DICTIONARY);
    }

    private static List<Encoding> encodings(Path file, String column) throws IOException {
        try (ParquetFileReader reader = open(file)) {
            return reader.getRowGroups().stream()
                    .flatMap(group -> group.getColumns().stream())
                    .filter(chunk -> chunk.getPath().toDotString().equals(column))
                    .flatMap(chunk -> chunk.getEncodings().stream())
                    .distinct()
                    .toList();
        }
    }

    @Test
    void dividesWhatIsLargeIntoPagesAndRowGroups() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message large { required binary content; }");
        IntFunction<byte[]> content = i -> {
            byte[] random = new byte[300_000];
            new Random(i).nextBytes(random);
            return random;
        };
        Path file = folder.resolve("large.parquet");
        try (ColumnFileWriter writer = writer(file, schema)) {
            for (int i = 0; i < 150; i++) {
                writer.column(0).add(content.apply(i));
                writer.endRow();
            }
            long said = writer.bytes();
            writer.finish();
            assertThat(said).isCloseTo(Files.size(file), within(100_000L));
        }
        List<Group> read = read(file);
        for (int i = 0; i < 150; i++) {
            assertThat(read.get(i).getBinary(0, 0).getBytes()).isEqualTo(content.apply(i));
        }
        try (ParquetFileReader reader = open(file)) {
            assertThat(reader.getRowGroups()).hasSize(3);
            ColumnChunkMetaData chunk =
                    reader.getRowGroups().get(0).getColumns().get(0);
            assertThat(reader.readOffsetIndex(chunk).getPageCount()).isGreaterThan(3);
        }
    }

    @Test
    void takesNoValueOfAnotherType() throws IOException {
        try (ColumnFileWriter writer = writer(folder.resolve("refused.parquet"), EVERY_TYPE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(1).add("text"))
                    .withMessageContaining("number takes no value that is bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(8).addNull());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(7).add(new byte[10]));
            writer.column(0).add(true);
            writer.endRow();
            assertThatIllegalStateException()
                    .isThrownBy(writer::finish)
                    .withMessageContaining("column number has 0 rows and not 1");
        }
    }

    private Path write(MessageType schema, IntFunction<Object[]> rows, int count) throws IOException {
        Path file = folder.resolve("written.parquet");
        try (ColumnFileWriter writer = writer(file, schema)) {
            for (int i = 0; i < count; i++) {
                Object[] row = rows.apply(i);
                for (int column = 0; column < row.length; column++) {
                    writer.column(column).add(row[column]);
                }
                writer.endRow();
            }
            writer.finish();
        }
        return file;
    }

    private static ColumnFileWriter writer(Path file, MessageType schema) throws IOException {
        return new ColumnFileWriter(file, schema, new ZstdCodecFactory(), CompressionCodecName.ZSTD);
    }

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecFactory())
                        .usePageChecksumVerification()
                        .build());
    }

    private static List<Group> read(Path file) throws IOException {
        List<Group> rows = new ArrayList<>();
        try (ParquetFileReader reader = open(file)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    rows.add(records.read());
                }
            }
        }
        return rows;
    }

    private static List<String> values(Group row) {
        return IntStream.range(0, EVERY_TYPE.getFieldCount())
                .mapToObj(field -> {
                    if (row.getFieldRepetitionCount(field) == 0) {
                        return "null";
                    }
                    return switch (EVERY_TYPE.getType(field).getName()) {
                        case "raw" ->
                            HexFormat.of().formatHex(row.getBinary(field, 0).getBytes());
                        case "decimal" -> new BigInteger(row.getBinary(field, 0).getBytes()).toString();
                        default -> row.getValueToString(field, 0);
                    };
                })
                .toList();
    }

    private static List<String> text(Object[] row) {
        return IntStream.range(0, row.length)
                .mapToObj(field -> {
                    if (!(row[field] instanceof byte[] bytes)) {
                        return String.valueOf(row[field]);
                    }
                    return EVERY_TYPE.getType(field).getName().equals("raw")
                            ? HexFormat.of().formatHex(bytes)
                            : new BigInteger(bytes).toString();
                })
                .toList();
    }
}
