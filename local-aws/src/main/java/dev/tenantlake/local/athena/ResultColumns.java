package dev.tenantlake.local.athena;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.engine.QueryEngine.Column;
import dev.tenantlake.local.wire.JsonApi;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns of a result, as {@code GetQueryResults} describes them and as they are kept beside the result. */
record ResultColumns(List<Column> columns) {

    private static final Pattern TYPE =
            Pattern.compile("(?<name>[^(]+?)\\s*(?:\\((?<precision>\\d+)(?:\\s*,\\s*(?<scale>\\d+))?\\)(?<rest>.*))?");
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    ResultColumns {
        columns = List.copyOf(columns);
    }

    ObjectNode describe() {
        ObjectNode metadata = JsonApi.object();
        ArrayNode list = metadata.putArray("ColumnInfo");
        columns.forEach(column -> list.add(describe(column)));
        return metadata;
    }

    private static ObjectNode describe(Column column) {
        Matcher matcher = TYPE.matcher(column.type());
        boolean sized = matcher.matches() && matcher.group("precision") != null;
        String name = matcher.matches() ? matcher.group("name") : column.type();
        if (sized && matcher.group("rest") != null) {
            name += matcher.group("rest");
        }
        return JsonApi.object()
                .put("CatalogName", "hive")
                .put("SchemaName", "")
                .put("TableName", "")
                .put("Name", column.name())
                .put("Label", column.name())
                .put("Type", name)
                .put("Precision", sized ? Integer.parseInt(matcher.group("precision")) : precision(name))
                .put("Scale", sized && matcher.group("scale") != null ? Integer.parseInt(matcher.group("scale")) : 0)
                .put("Nullable", "UNKNOWN")
                .put("CaseSensitive", name.equals("varchar") || name.equals("char"));
    }

    /** What Athena gives for a type that has no precision of its own. */
    private static int precision(String type) {
        return switch (type) {
            case "varchar" -> UNBOUNDED;
            case "bigint" -> 19;
            case "integer" -> 10;
            case "smallint" -> 5;
            case "tinyint", "timestamp" -> 3;
            case "double", "float" -> 17;
            default -> 0;
        };
    }
}
