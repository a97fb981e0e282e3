package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The schema of a table's rows as they stand in one bronze file: the columns of the source, then those of
 * {@link BronzeColumns}. A file has one; when the source's table is altered, the next row begins another file.
 *
 * @param table the table's name
 * @param columns the source's columns, in its order
 */
public record FileSchema(String table, List<Column> columns) {

    /**
     * A column of the source.
     *
     * @param name as in the source
     * @param type what it is in the file
     */
    public record Column(String name, BronzeType type) {
        public Column {
            requireNonNull(name, "name");
            requireNonNull(type, "type");
        }
    }

    public FileSchema {
        requireNonNull(table, "table");
        columns = List.copyOf(columns);
    }

    /** The id by which the manifests name it: the same for the same columns, at any time and on any machine. */
    public String id() {
        StringBuilder text = new StringBuilder();
        columns.forEach(column ->
                text.append(column.name()).append('\t').append(column.type()).append('\n'));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return table + "-" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** As the manifest states it. */
    public BronzeSchema toManifest() {
        return new BronzeSchema(
                table,
                columns.stream()
                        .map(column ->
                                new BronzeColumn(column.name(), column.type().glueType()))
                        .toList());
    }

    /** As Parquet takes it. Every column of the source may be null: a truncate's row has none. */
    MessageType parquet() {
        List<Type> fields = new ArrayList<>();
        for (Column column : columns) {
            fields.add(column.type().parquet(Type.Repetition.OPTIONAL, column.name()));
        }
        fields.add(BronzeType.of(BronzeType.Kind.STRING).parquet(Type.Repetition.REQUIRED, BronzeColumns.OP));
        fields.add(BronzeType.of(BronzeType.Kind.BIGINT).parquet(Type.Repetition.REQUIRED, BronzeColumns.LSN));
        fields.add(BronzeType.of(BronzeType.Kind.BIGINT).parquet(Type.Repetition.REQUIRED, BronzeColumns.TX_ID));
        fields.add(BronzeType.of(BronzeType.Kind.BIGINT).parquet(Type.Repetition.REQUIRED, BronzeColumns.ORDINAL));
        fields.add(
                BronzeType.of(BronzeType.Kind.INSTANT).parquet(Type.Repetition.REQUIRED, BronzeColumns.COMMITTED_AT));
        fields.add(BronzeType.of(BronzeType.Kind.BIGINT).parquet(Type.Repetition.REQUIRED, BronzeColumns.EPOCH));
        return new MessageType(table, fields);
    }
}
