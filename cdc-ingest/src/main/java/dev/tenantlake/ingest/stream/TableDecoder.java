package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.FileSchema;
import dev.tenantlake.ingest.bronze.Operation;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Turns the change events of one table, while it has one schema, into bronze rows. */
final class TableDecoder {

    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String OPERATION = "op";

    private final String qualifiedName;
    private final FileSchema schema;
    private final Field[] fields;
    /** The fields that a row's place in the lake comes from, of a table that the lake knows. */
    private final int[] placement;
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

    /**
     * Adds the rows of an event to a transaction: one, or two where an update moves the row to another place.
     *
     * @throws LakeException of kind {@code UNFIT} if the event lacks the row as it stood before
     */
    void decode(Struct event, TransactionBuffer transaction) throws IOException {
        Operation operation = Operation.of(event.getString(OPERATION));
        switch (operation) {
            case CREATE, READ -> transaction.add(schema, operation, values(event.getStruct(AFTER)));
            case DELETE -> transaction.add(schema, operation, before(event));
            case TRUNCATE -> transaction.add(schema, operation, new Object[fields.length]);
            case UPDATE -> {
                Object[] before = before(event);
                Object[] after = values(event.getStruct(AFTER));
                if (moves(before, after)) {
                    transaction.add(schema, Operation.DELETE, before);
                    transaction.add(schema, Operation.CREATE, after);
                } else {
                    transaction.add(schema, Operation.UPDATE, after);
                }
            }
        }
    }

    private Object[] before(Struct event) {
        Struct struct = event.getStruct(BEFORE);
        if (struct != null) {
            Object[] values = values(struct);
            if (telling.length == 0 || Arrays.stream(telling).anyMatch(i -> values[i] != null)) {
                return values;
            }
        }
        throw new LakeException(
                LakeException.Kind.UNFIT,
                "the change stream holds an update or a delete of " + qualifiedName
                        + " without the row as it stood before; expected REPLICA IDENTITY FULL throughout: set it,"
                        + " empty the lake's bronze and drop the slot to start over");
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
