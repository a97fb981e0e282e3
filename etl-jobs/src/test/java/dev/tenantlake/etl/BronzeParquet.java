package dev.tenantlake.etl;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Writes Parquet files as bronze has them. */
final class BronzeParquet {

    private BronzeParquet() {}

    /** A file with these rows: a value per column, or none for null; the bronze columns are among them. */
    static byte[] file(List<BronzeColumn> columns, List<Map<String, Object>> rows) {
        List<BronzeColumn> all = new ArrayList<>(columns);
        all.addAll(BronzeColumns.ALL);
        MessageType schema =
                new MessageType("row", all.stream().map(BronzeParquet::type).toList());
        try {
            Path folder = Files.createTempDirectory("bronze");
            Path file = folder.resolve("file.parquet");
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                    .withConf(new Configuration(false))
                    .withType(schema)
                    .build()) {
                for (Map<String, Object> row : rows) {
                    writer.write(group(schema, all, row));
                }
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.deleteIfExists(folder.resolve(".file.parquet.crc"));
            Files.delete(folder);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Group group(MessageType schema, List<BronzeColumn> columns, Map<String, Object> row) {
        SimpleGroup group = new SimpleGroup(schema);
        for (BronzeColumn column : columns) {
            Object value = row.get(column.name());
            if (value != null && column.glueType().equals("string")) {
                group.add(column.name(), value.toString());
            } else if (value instanceof Number number && column.glueType().equals("bigint")) {
                group.add(column.name(), number.longValue());
            } else if (value instanceof Integer number) {
                group.add(column.name(), number.intValue());
            } else if (value instanceof Boolean truth) {
                group.add(column.name(), truth.booleanValue());
            } else if (value instanceof BigDecimal money) {
                group.add(
                        column.name(),
                        money.movePointRight(scale(column.glueType())).longValueExact());
            } else if (value instanceof Instant instant) {
                group.add(column.name(), instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000);
            } else if (value instanceof LocalDate date) {
                group.add(column.name(), (int) date.toEpochDay());
            } else if (value != null) {
                group.add(column.name(), value.toString());
            }
        }
        return group;
    }

    private static Type type(BronzeColumn column) {
        return switch (column.glueType()) {
            case "bigint" -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case "int" -> Types.optional(PrimitiveTypeName.INT32).named(column.name());
            case "boolean" -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
            case "string" ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column.name());
            case "date" ->
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.dateType())
                        .named(column.name());
            case "timestamp" ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                        .named(column.name());
            case "decimal(12,2)", "decimal(16,4)" ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.decimalType(
                                scale(column.glueType()), column.glueType().contains("16") ? 16 : 12))
                        .named(column.name());
            default -> throw new IllegalArgumentException("no Parquet type for " + column);
        };
    }

    private static int scale(String decimal) {
        return decimal.charAt(decimal.length() - 2) - '0';
    }
}
