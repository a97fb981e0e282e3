package dev.tenantlake.etl.hudi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Seq;

/** What is written to a data file is read back from it by Spark's own reader, of every type that a table can have. */
class DataFileTest {

    private static final HudiTable THINGS = new HudiTable(
            Layer.SILVER,
            "things",
            List.of("tenant_id", "id"),
            List.of("tenant_id", "month"),
            List.of(
                    new Column("tenant_id", "bigint"),
                    new Column("id", "bigint"),
                    new Column("number", "int"),
                    new Column("truth", "boolean"),
                    new Column("single", "float"),
                    new Column("twice", "double"),
                    new Column("text", "string"),
                    new Column("raw", "binary"),
                    new Column("money", "decimal(18,2)"),
                    new Column("rate", "decimal(9,4)"),
                    new Column("wide", "decimal(30,6)"),
                    new Column("day", "date"),
                    new Column("at", "timestamp"),
                    new Column("tags", "array<string>"),
                    new Column("pairs", "array<struct<name:string,size:bigint>>"),
                    new Column("month", "string")));
    private static final StructType SCHEMA = THINGS.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
    private static final String PARTITION = "tenant_id=7/month=2026-11";
    private static final String FIRST = "20261127120000000";
    private static final String SECOND = "20261127120001000";
    /** More than are read at a time. */
    private static final int MANY = 5_000;

    private final Configuration settings = new Configuration(false);

    @TempDir
    private Path directory;

    @Test
    void isReadAsItWasWritten() throws Exception {
        HoodieWriteStat written = write(FIRST, Optional.empty(), rows(0, MANY, DataFileTest::first));

        Map<Long, Row> read = read(written);
        assertThat(read).hasSize(MANY);
        for (long id = 0; id < MANY; id++) {
            assertSame(read.get(id), first(id), FIRST, id);
        }
        assertThat(read.get(3L).getString(3)).isEqualTo(PARTITION);
        assertThat(written.getPath()).endsWith("/" + read.get(3L).getString(4));
    }

    @Test
    void keepsWhatStaysAndSaysWhichCommitTheRestIsOf() throws Exception {
        HoodieWriteStat before = write(FIRST, Optional.empty(), rows(0, MANY, DataFileTest::first));
        // Every seventh is changed, every eleventh goes, some come, and one goes that never was.
        List<InternalRow> changes = new ArrayList<>();
        LongStream.range(0, MANY).filter(id -> id % 7 == 0 && id % 11 != 0).forEach(id -> changes.add(row(second(id))));
        LongStream.range(0, MANY).filter(id -> id % 11 == 0).forEach(id -> changes.add(row(gone(id))));
        changes.addAll(rows(MANY, MANY + 100, DataFileTest::second));
        changes.add(row(gone(2L * MANY)));

        HoodieWriteStat after = write(SECOND, Optional.of(before), changes);
        Map<Long, Row> read = read(after);
        long gone = LongStream.range(0, MANY).filter(id -> id % 11 == 0).count();
        long changed = LongStream.range(0, MANY)
                .filter(id -> id % 7 == 0 && id % 11 != 0)
                .count();
        assertThat(List.of(
                        after.getNumWrites(), after.getNumInserts(), after.getNumUpdateWrites(), after.getNumDeletes()))
                .isEqualTo(List.of(MANY - gone + 100, 100L, changed, gone));
        assertThat(after.getPrevCommit()).isEqualTo(FIRST);
        assertThat(after.getFileId()).isEqualTo(before.getFileId());
        assertThat(read).hasSize((int) (MANY - gone + 100));
        for (long id = 0; id < MANY + 100; id++) {
            Row row = read.get(id);
            if (id < MANY && id % 11 == 0) {
                assertThat(row).isNull();
            } else if (id >= MANY || id % 7 == 0) {
                assertSame(row, second(id), SECOND, id);
            } else {
                assertSame(row, first(id), FIRST, id);
            }
            if (row != null) {
                assertThat(after.getPath()).endsWith("/" + row.getString(4));
            }
        }
    }

    @Test
    void isThereWithoutARow() throws Exception {
        HoodieWriteStat before = write(FIRST, Optional.empty(), rows(0, 3, DataFileTest::first));
        HoodieWriteStat after = write(SECOND, Optional.of(before), rows(0, 3, DataFileTest::gone));
        assertThat(after.getNumDeletes()).isEqualTo(3);
        assertThat(read(after)).isEmpty();

        HoodieWriteStat again = write("20261127120002000", Optional.of(after), rows(1, 2, DataFileTest::second));
        assertThat(read(again)).containsOnlyKeys(1L);
    }

    /** The table has got a column since the file was written. */
    @Test
    void givesRowsThatStayNullInANewColumn() throws Exception {
        HoodieWriteStat before = write(FIRST, Optional.empty(), rows(0, 10, DataFileTest::first));
        List<Column> more = new ArrayList<>(THINGS.columns());
        more.add(new Column("since", "string"));
        HudiTable wider =
                new HudiTable(THINGS.layer(), THINGS.name(), THINGS.recordKey(), THINGS.partitionColumns(), more);
        StructType schema = wider.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
        List<Object> values = new ArrayList<>();
        Row changed = second(4);
        for (int i = 0; i < THINGS.columns().size(); i++) {
            values.add(changed.get(i));
        }
        values.add("now");
        values.add(false);
        HoodieWriteStat after = write(
                WriteSettings.of(wider, directory.toString(), schema),
                SECOND,
                Optional.of(before),
                List.of(row(RowFactory.create(values.toArray()), schema)));

        int since = 5 + more.size() - 1;
        Map<Long, Row> read =
                read(after, DataFileFormat.of(WriteSettings.of(wider, directory.toString(), schema), settings));
        assertThat(read).hasSize(10);
        assertThat(read.get(4L).getString(since)).isEqualTo("now");
        assertThat(read.get(5L).isNullAt(since)).isTrue();
        assertThat(read.get(5L).getString(11)).isEqualTo(first(5).getString(6));
    }

    private static void assertSame(Row read, Row written, String instant, long id) {
        assertThat(read.getString(0)).isEqualTo(instant);
        assertThat(read.isNullAt(1))
                .as("what tells the rows of a commit from each other")
                .isTrue();
        assertThat(read.getString(2)).isEqualTo("tenant_id:7,id:" + id);
        for (int i = 0; i < THINGS.columns().size(); i++) {
            String expected = text(written, i);
            String actual = text(read, 5 + i);
            if (!actual.equals(expected)) {
                assertThat(actual)
                        .as(THINGS.columns().get(i).name() + " of " + id)
                        .isEqualTo(expected);
            }
        }
    }

    private static String text(Row row, int column) {
        Object value = row.get(column);
        if (value instanceof byte[] bytes) {
            return new String(bytes, UTF_8);
        }
        if (value instanceof BigDecimal number) {
            return number.stripTrailingZeros().toPlainString();
        }
        return value instanceof Seq<?> ? row.getList(column).toString() : String.valueOf(value);
    }

    private HoodieWriteStat write(String instant, Optional<HoodieWriteStat> present, List<InternalRow> rows)
            throws IOException {
        return write(WriteSettings.of(THINGS, directory.toString(), SCHEMA), instant, present, rows);
    }

    private HoodieWriteStat write(
            WriteSettings write, String instant, Optional<HoodieWriteStat> present, List<InternalRow> rows)
            throws IOException {
        HudiOptions.newTable(THINGS).initTable(HadoopFSUtils.getStorageConf(settings), directory.toString());
        return new CommitFiles(write, instant, settings)
                .write(
                        PARTITION,
                        present.map(stat -> directory.resolve(stat.getPath()).toString()),
                        rows.iterator())
                .orElseThrow();
    }

    private Map<Long, Row> read(HoodieWriteStat stat) throws IOException {
        return read(stat, DataFileFormat.of(WriteSettings.of(THINGS, directory.toString(), SCHEMA), settings));
    }

    /** The rows by id; none comes twice. */
    private Map<Long, Row> read(HoodieWriteStat stat, DataFileFormat format) throws IOException {
        Path file = directory.resolve(stat.getPath());
        Map<Long, Row> rows = new HashMap<>();
        var toRow = CatalystTypeConverters.createToScalaConverter(format.columns());
        try (FileRows read = FileRows.open(
                new org.apache.hadoop.fs.Path(file.toUri()),
                file.toFile().length(),
                format.columns(),
                new Configuration(false))) {
            while (read.next()) {
                Row row = (Row) toRow.apply(read.row());
                assertThat(rows.put(row.getLong(6), row)).isNull();
            }
        }
        return rows;
    }

    private static List<InternalRow> rows(long from, long to, LongFunction<Row> values) {
        return LongStream.range(from, to)
                .mapToObj(values)
                .map(DataFileTest::row)
                .toList();
    }

    private static InternalRow row(Row values) {
        return row(values, SCHEMA);
    }

    private static InternalRow row(Row values, StructType schema) {
        InternalRow row = (InternalRow)
                CatalystTypeConverters.createToCatalystConverter(schema).apply(values);
        return UnsafeProjection.create(schema).apply(row).copy();
    }

    private static Row first(long id) {
        return values(id, (int) id - 2_000, false);
    }

    private static Row second(long id) {
        return values(id, (int) (3 * id) % 17, false);
    }

    private static Row gone(long id) {
        return values(id, 0, true);
    }

    /** A row, of which each column is null now and then. */
    private static Row values(long id, int value, boolean isDeleted) {
        Object[] values = {
            7L,
            id,
            value,
            value % 2 == 0,
            value / 4f,
            value / 8.0,
            "värde " + value,
            ("raw " + value).getBytes(UTF_8),
            new BigDecimal(value).movePointLeft(2),
            new BigDecimal(-value).movePointLeft(4),
            new BigDecimal("123456789012345678901234." + (100_000 + Math.abs(value) % 800_000)),
            java.sql.Date.valueOf("2026-11-" + (10 + Math.abs(value) % 20)),
            new java.sql.Timestamp(1_700_000_000_000L + value),
            value % 3 == 0 ? List.of() : List.of("a" + value, "b"),
            List.of(RowFactory.create("n" + value, id)),
            "2026-11",
            isDeleted
        };
        int missing = (int) (id % 31);
        if (missing > 1 && missing < 15) {
            values[missing] = null;
        }
        return RowFactory.create(values);
    }
}
