package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.parquet.Column;
import dev.tenantlake.parquet.ColumnFileWriter;
import dev.tenantlake.parquet.ZstdCodecFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Writes the rows of many bronze files into few, one for each schema, in the order in which the files come. Columns, types
 * and values are those of the files.
 */
final class SmallFiles implements Closeable {

    /** How long the number of an epoch is in a file's name. */
    private static final int DIGITS = 20;

    private final Path folder;
    private final Map<MessageType, Merging> bySchema = new LinkedHashMap<>();

    /** @param folder where the files are written */
    SmallFiles(Path folder) {
        this.folder = requireNonNull(folder, "folder");
    }

    /**
     * A file of the rows of several.
     *
     * @param name what it is to be called: the first and the last epoch of which it has rows, and its number among them
     */
    record Merged(Path file, String name) {}

    /** What is being written with one schema. */
    private static final class Merging {

        private final Path file;
        private final ColumnFileWriter writer;
        private final PrimitiveTypeName[] types;
        private final String first;
        private String last;

        Merging(Path file, MessageType schema, String first) throws IOException {
            this.file = file;
            this.writer = new ColumnFileWriter(new LocalOutputFile(file), schema, ParquetFileWriter.Mode.CREATE);
            this.types = schema.getFields().stream()
                    .map(field -> field.asPrimitiveType().getPrimitiveTypeName())
                    .toArray(PrimitiveTypeName[]::new);
            this.first = first;
        }

        void write(Group row) throws IOException {
            for (int i = 0; i < types.length; i++) {
                add(row, i, types[i], writer.column(i));
            }
            writer.endRow();
        }
    }

    /**
     * Takes the rows of a file, and removes it.
     *
     * @param name its name in the lake, which begins with its epoch's number
     */
    void add(String name, Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecFactory())
                        .build())) {
            MessageType schema = reader.getFileMetaData().getSchema();
            Merging merging = bySchema.get(schema);
            if (merging == null) {
                Path target = folder.resolve("merged-" + bySchema.size() + ".parquet");
                Files.deleteIfExists(target);
                merging = new Merging(target, schema, name.substring(0, DIGITS));
                bySchema.put(schema, merging);
            }
            merging.last = name.substring(0, DIGITS);
            for (PageReadStore rows = reader.readNextRowGroup(); rows != null; rows = reader.readNextRowGroup()) {
                RecordReader<Group> group = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(rows, new GroupRecordConverter(schema));
                for (long row = 0; row < rows.getRowCount(); row++) {
                    merging.write(group.read());
                }
            }
        }
        Files.delete(file);
    }

    /** Completes the files; they are there until this is closed. */
    List<Merged> finish() throws IOException {
        List<Merged> merged = new ArrayList<>();
        for (Merging merging : bySchema.values()) {
            merging.writer.finish();
            merged.add(new Merged(
                    merging.file, String.format("%s-%s-%05d.parquet", merging.first, merging.last, merged.size())));
        }
        return merged;
    }

    @Override
    public void close() throws IOException {
        for (Merging merging : bySchema.values()) {
            try {
                merging.writer.close();
            } finally {
                Files.deleteIfExists(merging.file);
            }
        }
    }

    /** Adds a value of a row to a file's column. */
    private static void add(Group row, int field, PrimitiveTypeName type, Column to) {
        if (row.getFieldRepetitionCount(field) == 0) {
            to.addNull();
            return;
        }
        switch (type) {
            case BOOLEAN -> to.addBoolean(row.getBoolean(field, 0));
            case INT32 -> to.addInt(row.getInteger(field, 0));
            case INT64 -> to.addLong(row.getLong(field, 0));
            case FLOAT -> to.addFloat(row.getFloat(field, 0));
            case DOUBLE -> to.addDouble(row.getDouble(field, 0));
            case BINARY, FIXED_LEN_BYTE_ARRAY -> {
                byte[] bytes = row.getBinary(field, 0).getBytesUnsafe();
                to.addBytes(bytes, 0, bytes.length);
            }
            case INT96 -> throw new IllegalArgumentException("bronze has no " + type);
        }
    }
}
