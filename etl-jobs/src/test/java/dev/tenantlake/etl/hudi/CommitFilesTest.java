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
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.hudi.AvroConversionUtils;
import org.apache.hudi.common.model.HoodieWriteStat;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.config.HoodieWriteConfig;
import org.apache.hudi.hadoop.fs.HadoopFSUtils;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
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
    private static final String PARTITION = "tenant_id=1";

    private final Configuration settings = new Configuration(false);

    /** A task that is made again has died, or was thought to have, at any moment: perhaps after its file was there. */
    @Test
    void aTaskThatIsMadeAgainLeavesOneFile(@TempDir Path directory) throws Exception {
        CommitFiles files = files(directory);
        Optional<HoodieWriteStat> first = files.write(PARTITION, Optional.empty(), rows(3, 0));
        Optional<HoodieWriteStat> again = elsewhere(files).write(PARTITION, Optional.empty(), rows(3, 0));

        assertThat(again.orElseThrow()).usingRecursiveComparison().isEqualTo(first.orElseThrow());
        assertThat(dataFiles(directory)).containsExactly(again.orElseThrow().getPath());
        assertThat(again.orElseThrow().getNumInserts()).isEqualTo(3);
        assertThat(count(directory.resolve(again.orElseThrow().getPath()))).isEqualTo(3);
    }

    @Test
    void writesNothingWhereAllRowsAreToGo(@TempDir Path directory) throws Exception {
        assertThat(files(directory).write(PARTITION, Optional.empty(), rows(0, 2)))
                .isEmpty();
        assertThat(dataFiles(directory)).isEmpty();

        assertThat(files(directory).write(PARTITION, Optional.empty(), rows(2, 2)))
                .map(HoodieWriteStat::getNumInserts)
                .hasValue(2L);
    }

    private CommitFiles files(Path directory) throws IOException {
        HoodieTableMetaClient opened =
                HudiOptions.newTable(COUNTERS).initTable(HadoopFSUtils.getStorageConf(settings), directory.toString());
        Schema avro = AvroConversionUtils.convertStructTypeToAvroSchema(SCHEMA, "counters", "hoodie.counters");
        HoodieWriteConfig config = HoodieWriteConfig.newBuilder()
                .withPath(directory.toString())
                .forTable(COUNTERS.name())
                .withSchema(avro.toString())
                .withProps(HudiOptions.of(COUNTERS))
                .build();
        return new CommitFiles(new WriteSettings(SCHEMA, config), INSTANT, settings, opened);
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

    private static InternalRow row(long id, boolean isDeleted) {
        return new GenericInternalRow(new Object[] {1L, id, isDeleted});
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
