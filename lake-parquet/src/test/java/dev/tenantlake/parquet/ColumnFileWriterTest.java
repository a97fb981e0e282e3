package dev.tenantlake.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
              optional fixed_len_byte_array(8) money (DECIMAL(18,2));
              optional fixed_len_byte_array(5) price (DECIMAL(10,2));
              required int64 place;
            }
            """);

    private static final Configuration SETTINGS = new Configuration(false);

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
            // No zero, of which Parquet has two and a reader cannot tell which it was.
            value / 2f + 0.25f,
            value / 3.0 + 0.1,
            "värde " + value,
            new byte[] {(byte) value, (byte) (value >> 8), -1},
            BigInteger.valueOf(value).toByteArray(),
            value * 1_000_003L - 7,
            -3L * value,
            (long) place
        };
    }

    private static Object[] nulls(int place) {
        return new Object[] {null, null, null, null, null, null, null, null, null, null, (long) place};
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

    /** A sample of the page is looked at first: it gives up no dictionary that pays. */
    @ParameterizedTest
    @CsvSource({
        "2000, 700, true",
        "7000, 2000, true",
        "20000, 5000, true",
        "20000, 12000, false",
        "20000, 1000000, false"
    })
    void usesADictionaryWhereHalfOfThePageIsSaved(int rows, int different, boolean pays) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                "message sampled { required int64 number; required binary text (UTF8); }");
        Path file = folder.resolve("sampled.parquet");
        Random random = new Random(7);
        try (ColumnFileWriter writer = writer(file, schema)) {
            for (int i = 0; i < rows; i++) {
                int value = random.nextInt(different);
                byte[] text = "the text of value %7d".formatted(value).getBytes(UTF_8);
                writer.column(0).addLong(value);
                writer.column(1).addBytes(text, 0, text.length);
                writer.endRow();
            }
            writer.finish();
        }
        for (String column : List.of("number", "text")) {
            assertThat(encodings(file, column).contains(Encoding.PLAIN_DICTIONARY))
                    .as(column)
                    .isEqualTo(pays);
        }
    }

    @Test
    void triesNoDictionaryWhereNoValueComesAgain() throws IOException {
        MessageType schema =
                MessageTypeParser.parseMessageType("message unique { required int64 a; required int64 b; }");
        Path file = folder.resolve("unique.parquet");
        try (ColumnFileWriter writer = writer(file, schema)) {
            writer.unique(0);
            for (int i = 0; i < 100; i++) {
                // It is told so, and takes it on trust.
                writer.column(0).addLong(i % 2);
                writer.column(1).addLong(i % 2);
                writer.endRow();
            }
            writer.finish();
        }
        assertThat(encodings(file, "a")).contains(Encoding.PLAIN).doesNotContain(Encoding.PLAIN_DICTIONARY);
        assertThat(encodings(file, "b")).contains(Encoding.PLAIN_DICTIONARY);
        assertThat(read(file))
                .extracting(row -> row.getLong(0, 0))
                .contains(0L, 1L)
                .hasSize(100);
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

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000, 50_001})
    void saysOnceWhatIsTheSameInAllRows(int count) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message repeated {
                  required int64 tenant;
                  optional binary month (UTF8);
                  optional int32 place;
                  optional binary nothing (UTF8);
                }
                """);
        Path file = folder.resolve("repeated.parquet");
        try (ColumnFileWriter writer = writer(file, schema)) {
            writer.repeat(0, 7L);
            writer.repeat(1, "2026-11");
            writer.repeat(3, null);
            for (int i = 0; i < count; i++) {
                writer.column(2).addInt(i);
                writer.endRow();
            }
            writer.finish();
        }
        List<Group> rows = read(file);
        assertThat(rows).hasSize(count);
        for (int i = 0; i < count; i++) {
            Group row = rows.get(i);
            assertThat(List.of(row.getLong(0, 0), row.getString(1, 0), row.getInteger(2, 0)))
                    .isEqualTo(List.of(7L, "2026-11", i));
            assertThat(row.getFieldRepetitionCount("nothing")).isZero();
        }
        assertThat(encodings(file, "tenant")).doesNotContain(Encoding.PLAIN);
        try (ParquetFileReader reader = open(file)) {
            Statistics<?> month =
                    reader.getRowGroups().get(0).getColumns().get(1).getStatistics();
            assertThat(month.getMinBytes()).isEqualTo("2026-11".getBytes(StandardCharsets.UTF_8));
            assertThat(month.getMaxBytes()).isEqualTo(month.getMinBytes());
            assertThat(month.getNumNulls()).isZero();
        }
    }

    /** Lists, or null, of lengths from none to several, of texts or null. */
    static Stream<IntFunction<List<String>>> lists() {
        return Stream.of(
                i -> List.of("tag " + i % 3, "tag " + i % 7),
                i -> List.of(),
                i -> null,
                i -> i % 5 == 0 ? null : Collections.nCopies(i % 4, "tag " + i),
                i -> Arrays.asList("first", i % 2 == 0 ? null : "second " + i, null));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void writesLists(IntFunction<List<String>> list) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message lists {
                  optional group tags (LIST) { repeated group bag { optional binary array (UTF8); } }
                  required group numbers (LIST) { repeated int64 array; }
                  optional group pairs (LIST) {
                    repeated group bag { optional group array { optional binary name (UTF8); required int32 size; } }
                  }
                }
                """);
        int count = 30_000;
        Path file = folder.resolve("lists.parquet");
        try (ColumnFileWriter writer = writer(file, schema)) {
            for (int i = 0; i < count; i++) {
                List<String> tags = list.apply(i);
                if (tags == null) {
                    writer.column(0).addNull();
                } else {
                    Column elements = writer.column(0).addList(tags.size());
                    tags.forEach(elements::add);
                }
                Column numbers = writer.column(1).addList(i % 3);
                for (int number = 0; number < i % 3; number++) {
                    numbers.addLong(i + number);
                }
                Column pairs = writer.column(2).addList(tags == null ? 0 : tags.size());
                for (int pair = 0; tags != null && pair < tags.size(); pair++) {
                    pairs.field(0).add(tags.get(pair));
                    pairs.field(1).addInt(pair);
                }
                writer.endRow();
            }
            writer.finish();
        }
        List<Group> rows = read(file);
        assertThat(rows).hasSize(count);
        for (int i = 0; i < count; i++) {
            List<String> tags = tags(rows.get(i));
            Group numbers = rows.get(i).getGroup(1, 0);
            if (!Objects.equals(tags, list.apply(i)) || numbers.getFieldRepetitionCount(0) != i % 3) {
                assertThat(tags).as("row " + i).isEqualTo(list.apply(i));
                assertThat(numbers.getFieldRepetitionCount(0)).as("row " + i).isEqualTo(i % 3);
            }
            List<String> names = new ArrayList<>();
            Group pairs = rows.get(i).getGroup(2, 0);
            for (int pair = 0; pair < pairs.getFieldRepetitionCount(0); pair++) {
                Group element = pairs.getGroup(0, pair).getGroup(0, 0);
                names.add(element.getFieldRepetitionCount(0) == 0 ? null : element.getString(0, 0));
                assertThat(element.getInteger(1, 0)).isEqualTo(pair);
            }
            if (!names.equals(tags == null ? List.of() : tags)) {
                assertThat(names).as("row " + i).isEqualTo(tags);
            }
            if (i % 3 == 2) {
                assertThat(numbers.getLong(0, 1)).isEqualTo(i + 1);
            }
        }
    }

    private static List<String> tags(Group row) {
        if (row.getFieldRepetitionCount(0) == 0) {
            return null;
        }
        Group tags = row.getGroup(0, 0);
        return IntStream.range(0, tags.getFieldRepetitionCount(0))
                .mapToObj(i -> tags.getGroup(0, i))
                .map(bag -> bag.getFieldRepetitionCount(0) == 0 ? null : bag.getString(0, 0))
                .toList();
    }

    @Test
    void holdsListsToTheirSizes() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                "message lists { required group numbers (LIST) { repeated int64 array; } }");
        try (ColumnFileWriter writer = writer(folder.resolve("short.parquet"), schema)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(0).addNull());
            writer.column(0).addList(2).addLong(1);
            writer.endRow();
            assertThatIllegalStateException()
                    .isThrownBy(writer::finish)
                    .withMessageContaining("lists of 2 elements were given 1");
        }
        MessageType nested =
                MessageTypeParser.parseMessageType("message nested { required group pair { required int64 a; } }");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer(folder.resolve("nested.parquet"), nested))
                .withMessageContaining("no column is written as");
    }

    /** Pages end between the rows that are ended at a time. */
    @Test
    void takesRowsColumnByColumn() throws IOException {
        MessageType schema =
                MessageTypeParser.parseMessageType("message columns { required int64 id; optional boolean even; }");
        Path file = folder.resolve("columns.parquet");
        int batch = 1000;
        try (ColumnFileWriter writer = writer(file, schema)) {
            for (int from = 0; from < 45 * batch; from += batch) {
                for (int i = from; i < from + batch; i++) {
                    writer.column(0).addLong(i);
                }
                for (int i = from; i < from + batch; i++) {
                    writer.column(1).addBoolean(i % 2 == 0);
                }
                writer.endRows(batch);
            }
            writer.finish();
        }
        List<Group> rows = read(file);
        assertThat(rows).hasSize(45 * batch);
        for (int i = 0; i < rows.size(); i++) {
            assertThat(rows.get(i).getLong(0, 0)).isEqualTo(i);
            assertThat(rows.get(i).getBoolean(1, 0)).isEqualTo(i % 2 == 0);
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
                    .isThrownBy(() -> writer.column(10).addNull());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(7).add(new byte[10]));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(9).addLong(1L << 39))
                    .withMessageContaining("the number 549755813888");
            writer.column(9).addLong(-(1L << 39));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.column(1).addList(1))
                    .withMessageContaining("takes no value that is a list");
            assertThatIllegalArgumentException().isThrownBy(() -> writer.repeat(0, true));
            assertThatIllegalArgumentException().isThrownBy(() -> writer.repeat(1, "one"));
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
        return new ColumnFileWriter(
                HadoopOutputFile.fromPath(hadoop(file), SETTINGS), schema, ParquetFileWriter.Mode.CREATE);
    }

    private static org.apache.hadoop.fs.Path hadoop(Path file) {
        return new org.apache.hadoop.fs.Path(file.toUri());
    }

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                HadoopInputFile.fromPath(hadoop(file), SETTINGS),
                ParquetReadOptions.builder()
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
                        case "decimal", "money", "price" ->
                            new BigInteger(row.getBinary(field, 0).getBytes()).toString();
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
