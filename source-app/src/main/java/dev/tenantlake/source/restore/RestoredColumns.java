package dev.tenantlake.source.restore;

import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of a table are restored.
 *
 * @param names those that are, in the order of the lake's model
 * @param leftOut by column, why another one is not
 */
record RestoredColumns(List<String> names, Map<String, String> leftOut) {

    RestoredColumns {
        names = List.copyOf(names);
        leftOut = Map.copyOf(leftOut);
    }

    /** The columns that both the source and the lake have. */
    static RestoredColumns of(Connection connection, SourceTable table) throws SQLException {
        Map<String, Boolean> generated = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("""
                        SELECT attname, attgenerated <> '' FROM pg_attribute
                        WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped
                        """.formatted(table.qualifiedName()))) {
            while (result.next()) {
                generated.put(result.getString(1), result.getBoolean(2));
            }
        }
        List<String> names = new ArrayList<>();
        Map<String, String> leftOut = new HashMap<>();
        for (SourceColumn column : table.columns()) {
            Boolean isGenerated = generated.remove(column.name());
            if (isGenerated == null) {
                leftOut.put(column.name(), "the source has it no longer");
            } else if (isGenerated) {
                leftOut.put(column.name(), "the source makes it of others");
            } else {
                names.add(column.name());
            }
        }
        generated.keySet().forEach(column -> leftOut.put(column, "the lake does not have it"));
        return new RestoredColumns(names, leftOut);
    }

    /**
     * Those of them that are in a set.
     *
     * @param otherwise why another one is not restored
     */
    RestoredColumns in(Set<String> known, String otherwise) {
        Map<String, String> more = new HashMap<>(leftOut);
        names.stream().filter(column -> !known.contains(column)).forEach(column -> more.put(column, otherwise));
        return new RestoredColumns(names.stream().filter(known::contains).toList(), more);
    }
}
