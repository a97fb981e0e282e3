package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Reads a few columns of a few rows straight from the files that have them. Spark would plan a job for that, which costs
 * more than the reading.
 */
public final class RowLookup {

    private static final String ID = "id";

    private final HudiLake lake;

    public RowLookup(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /** What is to be read of one file. */
    private record Wanted(String partition, String file, Set<Long> ids) {}

    /** A row of a partition. */
    public record Key(String partition, long id) {}

    /**
     * The values of some rows as a table has them as of a commit; those that it does not have are left out.
     *
     * @param commit empty for a table that has none: it holds no rows
     * @param ids by partition's path, the {@code id}s of the rows
     * @param columns of text; a value may be null
     */
    public Map<Key, List<String>> values(
            HudiTable table, Optional<HudiCommit> commit, Map<String, Set<Long>> ids, List<String> columns) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Optional<FileIndex> index = commit.flatMap(made -> lake.index(table, made));
        List<Wanted> wanted = ids.entrySet().stream()
                .flatMap(partition -> index
                        .map(known -> known.files(
                                List.of(partition.getKey()), commit.get().instant()))
                        .orElse(List.of())
                        .stream()
                        .map(file -> new Wanted(partition.getKey(), file, partition.getValue())))
                .toList();
        Map<Key, List<String>> values = new HashMap<>();
        lake.files().onEach(wanted, file -> read(file, columns)).forEach(values::putAll);
        return values;
    }

    private Map<Key, List<String>> read(Wanted wanted, List<String> columns) {
        Configuration configuration = lake.spark().sparkContext().hadoopConfiguration();
        ParquetReadOptions options = HadoopReadOptions.builder(configuration)
                .withRecordFilter(FilterCompat.get(FilterApi.in(FilterApi.longColumn(ID), wanted.ids())))
                .build();
        Map<Key, List<String>> values = new HashMap<>();
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(wanted.file()), configuration), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            List<Type> fields = Stream.concat(Stream.of(ID), columns.stream())
                    .filter(schema::containsField)
                    .map(schema::getType)
                    .toList();
            MessageType projection = new MessageType(schema.getName(), fields);
            reader.setRequestedSchema(projection);
            for (PageReadStore rows = reader.readNextFilteredRowGroup();
                    rows != null;
                    rows = reader.readNextFilteredRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(projection)
                        .getRecordReader(rows, new GroupRecordConverter(projection));
                for (long row = 0; row < rows.getRowCount(); row++) {
                    Group record = records.read();
                    long id = record.getLong(ID, 0);
                    if (wanted.ids().contains(id)) {
                        values.put(new Key(wanted.partition(), id), texts(record, columns));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }

    private static List<String> texts(Group record, List<String> columns) {
        List<String> texts = new ArrayList<>();
        for (String column : columns) {
            boolean there = record.getType().containsField(column) && record.getFieldRepetitionCount(column) > 0;
            texts.add(there ? record.getString(column, 0) : null);
        }
        return texts;
    }
}
