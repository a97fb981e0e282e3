package dev.tenantlake.ingest;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.DataFile;
import dev.tenantlake.parquet.ZstdCodecFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import software.amazon.awssdk.services.s3.S3Client;

/** What bronze holds, read back file by file as its manifests name them, in the order of epochs and ordinals. */
record BronzeRows(List<Row> rows) {

    /** A row: its bronze columns, and by name those of the source; a null is not among them. */
    record Row(
            String table,
            long epoch,
            long ordinal,
            String operation,
            long lsn,
            long transaction,
            Instant committedAt,
            Map<String, Object> values) {

        Object value(String column) {
            return values.get(column);
        }
    }

    static BronzeRows read(S3Client s3, String bucket, List<EpochManifest> epochs) {
        List<Row> rows = new ArrayList<>();
        for (EpochManifest epoch : epochs) {
            epoch.tables().forEach((table, slice) -> {
                for (DataFile file : slice.files()) {
                    List<Row> read = read(s3, bucket, table, file);
                    if (read.size() != file.rows()) {
                        throw new AssertionError(file + " holds " + read.size() + " rows");
                    }
                    rows.addAll(read);
                }
            });
        }
        return inOrder(rows);
    }

    /** What files of a table hold. */
    static BronzeRows read(S3Client s3, String bucket, String table, List<String> keys) {
        return inOrder(keys.stream()
                .flatMap(key ->
                        read(
                                table,
                                s3.getObjectAsBytes(get -> get.bucket(bucket).key(key))
                                        .asByteArray())
                                .stream())
                .toList());
    }

    private static BronzeRows inOrder(List<Row> rows) {
        return new BronzeRows(rows.stream()
                .sorted(Comparator.comparingLong(Row::epoch).thenComparingLong(Row::ordinal))
                .toList());
    }

    Stream<Row> of(String table) {
        return rows.stream().filter(row -> row.table().equals(table));
    }

    /** The operations on a table, in order, as one word. */
    String operations(String table) {
        return of(table).map(Row::operation).reduce("", String::concat);
    }

    /** The rows of a table that are left when all of it is applied, by key. */
    Map<Object, Map<String, Object>> replay(String table, String keyColumn) {
        Map<Object, Map<String, Object>> left = new LinkedHashMap<>();
        of(table).forEach(row -> {
            switch (row.operation()) {
                case "t" -> left.clear();
                case "d" -> left.remove(row.value(keyColumn));
                default -> left.put(row.value(keyColumn), row.values());
            }
        });
        return left;
    }

    private static List<Row> read(S3Client s3, String bucket, String table, DataFile file) {
        byte[] bytes =
                s3.getObjectAsBytes(get -> get.bucket(bucket).key(file.key())).asByteArray();
        if (bytes.length != file.bytes()) {
            throw new AssertionError(file + " has " + bytes.length + " bytes");
        }
        return read(table, bytes);
    }

    private static List<Row> read(String table, byte[] parquet) {
        try {
            Path local = Files.createTempFile("bronze-", ".parquet");
            try {
                Files.write(local, parquet);
                return read(local, table);
            } finally {
                Files.delete(local);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Row> read(Path file, String table) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecFactory())
                .build();
        List<Row> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
            PageReadStore pages = reader.readNextRowGroup();
            while (pages != null) {
                RecordReader<Group> records = columns.getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    rows.add(row(table, schema, records.read()));
                }
                pages = reader.readNextRowGroup();
            }
        }
        return rows;
    }

    private static Row row(String table, MessageType schema, Group group) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < schema.getFieldCount(); i++) {
            if (group.getFieldRepetitionCount(i) == 1) {
                PrimitiveType type = schema.getType(i).asPrimitiveType();
                values.put(type.getName(), value(group, i, type));
            }
        }
        return new Row(
                table,
                (Long) values.remove(BronzeColumns.EPOCH),
                (Long) values.remove(BronzeColumns.ORDINAL),
                (String) values.remove(BronzeColumns.OP),
                (Long) values.remove(BronzeColumns.LSN),
                (Long) values.remove(BronzeColumns.TX_ID),
                (Instant) values.remove(BronzeColumns.COMMITTED_AT),
                values);
    }

    private static Object value(Group group, int field, PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> group.getBoolean(field, 0);
            case INT32 -> {
                int value = group.getInteger(field, 0);
                if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
                    yield LocalDate.ofEpochDay(value);
                }
                yield logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal
                        ? BigDecimal.valueOf(value, decimal.getScale())
                        : (Object) value;
            }
            case INT64 -> {
                long value = group.getLong(field, 0);
                if (logical instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation) {
                    yield Instant.EPOCH.plus(value, ChronoUnit.MICROS);
                }
                yield logical instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal
                        ? BigDecimal.valueOf(value, decimal.getScale())
                        : (Object) value;
            }
            case FLOAT -> group.getFloat(field, 0);
            case DOUBLE -> group.getDouble(field, 0);
            case FIXED_LEN_BYTE_ARRAY ->
                new BigDecimal(
                        new BigInteger(group.getBinary(field, 0).getBytes()),
                        ((LogicalTypeAnnotation.DecimalLogicalTypeAnnotation) logical).getScale());
            case BINARY ->
                logical == null
                        ? HexFormat.of().formatHex(group.getBinary(field, 0).getBytes())
                        : group.getString(field, 0);
            default -> throw new AssertionError("bronze has no " + type);
        };
    }
}
