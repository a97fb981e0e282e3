package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.Operation;
import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Turns the change events of one table, while it has one schema, into bronze rows. */
final class TableDecoder {

    private static final Set<BronzeType.Kind> STORED_APART =
            EnumSet.of(BronzeType.Kind.STRING, BronzeType.Kind.BINARY, BronzeType.Kind.DECIMAL);
    private static final String WITHOUT_BEFORE =
            "the change stream holds an update or a delete of it without the row as it stood before";
    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String OPERATION = "op";

    private final String qualifiedName;
    private final FileSchema schema;
    private final Field[] fields;
    /** The fields that a row's place in the lake comes from, of a table that the lake knows. */
    private final int[] placement;
    /** The fields whose values Postgres may store apart from their row. */
    private final int[] apart;
    /** The fields that are not of the key; empty if each of them may be null. */
    private final int[] telling;

    /**
     * @param schemaName the table's Postgres schema
     * @param table its name
     * @param envelope the schema of its events
     * @param key the schema of its key; a truncate comes without
     */
    TableDecoder(String schemaName, String table, Schema envelope, Optional<Schema> key) {
        this.qualifiedName = requireNonNull(schemaName, "schemaName") + "." + requireNonNull(table, "table");
        List<Field> columns = envelope.field(AFTER).schema().fields();
        this.fields = columns.toArray(Field[]::new);
        this.schema = new FileSchema(
                table,
                columns.stream()
                        .map(field -> new FileSchema.Column(field.name(), BronzeConverter.typeOf(field.schema())))
                        .toList());
        this.placement = indexes(
                schemaName.equals(SourceTable.SCHEMA)
                        ? SourceTable.named(table)
                                .map(SourceTable::placementColumns)
                                .orElse(Set.of())
                        : Set.of());
        this.apart = indexes(schema.columns().stream()
                .filter(column -> STORED_APART.contains(column.type().kind()))
                .map(FileSchema.Column::name)
                .collect(Collectors.toSet()));
        Set<String> notOfTheKey = new HashSet<>();
        columns.forEach(field -> notOfTheKey.add(field.name()));
        key.ifPresent(schemaOfKey -> schemaOfKey.fields().forEach(field -> notOfTheKey.remove(field.name())));
        boolean oneIsRequired = key.isPresent()
                && columns.stream()
                        .anyMatch(field ->
                                notOfTheKey.contains(field.name()) && BronzeConverter.isRequired(field.schema()));
        this.telling = indexes(oneIsRequired ? notOfTheKey : Set.of());
    }

    FileSchema schema() {
        return schema;
    }

    /** {@code schema.table}. */
    String qualifiedName() {
        return qualifiedName;
    }

    /**
     * Adds the rows of an event to a transaction: one, or two where an update moves the row to another place.
     *
     * @return what the event lacks, so that nothing was added; empty if it lacks nothing
     */
    Optional<String> decode(Struct event, TransactionBuffer transaction) throws IOException {
        Operation operation = Operation.of(event.getString(OPERATION));
        switch (operation) {
            case CREATE, READ -> transaction.add(schema, operation, values(event.getStruct(AFTER)));
            case TRUNCATE -> transaction.add(schema, operation, new Object[fields.length]);
            case DELETE -> {
                Optional<Object[]> before = before(event);
                if (before.isEmpty()) {
                    return Optional.of(WITHOUT_BEFORE);
                }
                transaction.add(schema, operation, before.get());
            }
            case UPDATE -> {
                Optional<Object[]> found = before(event);
                Object[] after = values(event.getStruct(AFTER));
                if (found.isEmpty() || leavesOut(after)) {
                    return Optional.of(WITHOUT_BEFORE);
                }
                Object[] before = found.get();
                if (moves(before, after)) {
                    transaction.add(schema, Operation.DELETE, before);
                    transaction.add(schema, Operation.CREATE, after);
                } else {
                    transaction.add(schema, Operation.UPDATE, after);
                }
            }
        }
        return Optional.empty();
    }

    /** The row as it stood before, if the event has it whole. */
    private Optional<Object[]> before(Struct event) {
        Struct struct = event.getStruct(BEFORE);
        if (struct != null) {
            Object[] values = values(struct);
            if (telling.length == 0 || Arrays.stream(telling).anyMatch(i -> values[i] != null)) {
                return Optional.of(values);
            }
        }
        return Optional.empty();
    }

    /** Whether a value is left out since it is unchanged, as happens without full replica identity. */
    private boolean leavesOut(Object[] after) {
        for (int i : apart) {
            if (BronzeConverter.isUnchanged(after[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean moves(Object[] before, Object[] after) {
        for (int i : placement) {
            if (!Objects.equals(before[i], after[i])) {
                return true;
            }
        }
        return false;
    }

    private Object[] values(Struct row) {
        Object[] values = new Object[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = row.get(fields[i]);
        }
        return values;
    }

    private int[] indexes(Set<String> names) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            if (names.contains(fields[i].name())) {
                indexes.add(i);
            }
        }
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }
}
