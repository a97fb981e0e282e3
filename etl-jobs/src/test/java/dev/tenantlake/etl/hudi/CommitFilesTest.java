package dev.tenantlake.etl.hudi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.Layer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitFilesTest {

    private static final HudiTable COUNTERS = new HudiTable(
            Layer.SILVER,
            "counters",
            List.of("tenant_id", "id"),
            List.of("tenant_id"),
            List.of(new Column("tenant_id", "bigint"), new Column("id", "bigint")));
    private static final StructType SCHEMA = COUNTERS.schema().add(HudiTable.IS_DELETED, DataTypes.BooleanType);
    private static final String INSTANT = "20261127120000000";
    private static final String LATER = "20261127120001000";
    private static final int MANY = 2000;
    private static final String PARTITION = "tenant_id=1";

    private final Configuration settings = new Configuration(false);

    /** A task that is made again has died, or was thought to have, at any moment: perhaps after its file was there. */
    @Test
    void aTaskThatIsMadeAgainLeavesOneFile(@TempDir Path directory) throws Exception {
        CommitFiles files = files(directory, INSTANT);
        Optional<HoodieWriteStat> first = files.write(PARTITION, Optional.empty(), rows(3, 0));
        Optional<HoodieWriteStat> again = elsewhere(files).write(PARTITION, Optional.empty(), rows(3, 0));

        assertThat(again.orElseThrow()).usingRecursiveComparison().isEqualTo(first.orElseThrow());
        assertThat(dataFiles(directory)).containsExactly(again.orElseThrow().getPath());
        assertThat(again.orElseThrow().getNumInserts()).isEqualTo(3);
        assertThat(count(directory.resolve(again.orElseThrow().getPath()))).isEqualTo(3);

        Optional<String> present =
                Optional.of(directory.resolve(again.orElseThrow().getPath()).toString());
        CommitFiles next = files(directory, LATER);
        next.write(PARTITION, present, rows(5, 0));
        Optional<HoodieWriteStat> rewritten = elsewhere(next).write(PARTITION, present, rows(5, 0));
        assertThat(rewritten.orElseThrow().getNumInserts()).isEqualTo(2);
        assertThat(rewritten.orElseThrow().getNumUpdateWrites()).isEqualTo(3);
        assertThat(dataFiles(directory))
                .containsExactlyInAnyOrder(
                        again.orElseThrow().getPath(), rewritten.orElseThrow().getPath());
        assertThat(count(directory.resolve(rewritten.orElseThrow().getPath()))).isEqualTo(5);
    }

    @Test
    void writesNothingWhereAllRowsAreToGo(@TempDir Path directory) throws Exception {
        CommitFiles files = files(directory, INSTANT);
        assertThat(files.write(PARTITION, Optional.empty(), rows(0, 2))).isEmpty();
        assertThat(dataFiles(directory)).isEmpty();

        assertThat(files.write(PARTITION, Optional.empty(), rows(2, 2)))
                .map(HoodieWriteStat::getNumInserts)
                .hasValue(2L);
    }

    @Test
    void keepsOnDiskWhatIsTooMuchForItsMemory(@TempDir Path directory) throws Exception {
        Optional<HoodieWriteStat> first =
                files(directory, INSTANT).write(PARTITION, Optional.empty(), rows(MANY / 2, 0));
        Optional<String> present =
                Optional.of(directory.resolve(first.orElseThrow().getPath()).toString());
        WriteSettings little = WriteSettings.of(COUNTERS, directory.toString(), SCHEMA);
        little.hudi().setValue("hoodie.memory.merge.max.size", "4096");

        Optional<HoodieWriteStat> rewritten =
                files(directory, LATER, little).write(PARTITION, present, rows(MANY, MANY));
        assertThat(rewritten.orElseThrow().getNumUpdateWrites()).isEqualTo(MANY / 2);
        assertThat(count(directory.resolve(rewritten.orElseThrow().getPath()))).isEqualTo(MANY);
    }

    private CommitFiles files(Path directory, String instant) {
        return files(directory, instant, WriteSettings.of(COUNTERS, directory.toString(), SCHEMA));
    }

    private CommitFiles files(Path directory, String instant, WriteSettings write) {
        return new CommitFiles(write, instant, settings);
    }

    /** As it is in the process of a task that it is sent to. */
    private static CommitFiles elsewhere(CommitFiles files) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(files);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (CommitFiles) in.readObject();
        }
    }

    private static Iterator<InternalRow> rows(int staying, int going) {
        return Stream.concat(
                        LongStream.range(0, staying).mapToObj(id -> row(id, false)),
                        LongStream.range(staying, staying + going).mapToObj(id -> row(id, true)))
                .iterator();
    }

    /** As Spark's tasks have it. */
    private static InternalRow row(long id, boolean isDeleted) {
        return UnsafeProjection.create(SCHEMA).apply(new GenericInternalRow(new Object[] {1L, id, isDeleted}));
    }

    private static List<String> dataFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .map(file -> directory.relativize(file).toString())
                    .toList();
        }
    }

    private long count(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), settings))) {
            return reader.getRecordCount();
        }
    }
}
