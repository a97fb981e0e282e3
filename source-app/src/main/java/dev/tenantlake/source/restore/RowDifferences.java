package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.restore.RowChange.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What differs between a tenant's rows of a table now and as they were, by primary key: a temporary table, made by one
 * statement, so that what is counted, shown and written is the same.
 */
final class RowDifferences {

    /** The temporary table: the key's columns, {@code kind}, and the row {@code now} and {@code past} as JSON. */
    static final String TABLE = "pg_temp.row_changes";

    private static final int ROWS_AT_ONCE = 500;
    private static final ObjectReader JSON = LakeJson.mapper()
            .reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .with(JsonNodeFactory.withExactBigDecimals(true));

    private final SourceTable table;
    private final List<String> columns;
    private final long tenantId;
    private final boolean keepNew;

    /**
     * The differences of a tenant's rows.
     *
     * @param columns those that are compared, the key's among them
     * @param keepNew whether a row that was not there then is no difference
     */
    RowDifferences(SourceTable table, List<String> columns, long tenantId, boolean keepNew) {
        this.table = requireNonNull(table, "table");
        this.columns = List.copyOf(columns);
        this.tenantId = tenantId;
        this.keepNew = keepNew;
    }

    /** Finds the differences, and keeps them in the temporary table. */
    void find(Statement statement) throws SQLException {
        statement.execute("DROP TABLE IF EXISTS " + TABLE);
        statement.execute("""
                CREATE TEMP TABLE row_changes AS
                SELECT %s,
                    CASE WHEN %s THEN 'insert' WHEN %s THEN 'delete' ELSE 'update' END AS kind,
                    CASE WHEN NOT %2$s THEN to_jsonb(n) END AS now,
                    CASE WHEN NOT %3$s THEN to_jsonb(p) END AS past
                %s
                """.formatted(
                        each(table.primaryKey(), "coalesce(p.%1$s, n.%1$s) AS %1$s", ", "),
                        isMissing("n"),
                        isMissing("p"),
                        compared()));
        statement.execute("ANALYZE " + TABLE);
    }

    /** How many differences there are now, whatever is kept. */
    long remaining(Statement statement) throws SQLException {
        return count(statement, "SELECT count(*) " + compared());
    }

    /** How many of those that are kept there are of each kind. */
    Map<Kind, Long> counts(Statement statement) throws SQLException {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            counts.put(kind, count(statement, "SELECT count(*) FROM " + TABLE + " WHERE " + is(kind)));
        }
        return counts;
    }

    /** In how many of the rows that are updated each column's value changes. */
    Map<String, Long> updatedColumns(Statement statement) throws SQLException {
        Map<String, Long> updated = new TreeMap<>();
        try (ResultSet result = statement.executeQuery("""
                SELECT key, count(*) FROM %s, jsonb_each(past)
                WHERE %s AND value IS DISTINCT FROM now -> key
                GROUP BY key
                """.formatted(TABLE, is(Kind.UPDATE)))) {
            while (result.next()) {
                updated.put(result.getString(1), result.getLong(2));
            }
        }
        return updated;
    }

    /**
     * Reads those that are kept, by kind and key.
     *
     * @param atMost so many of each kind
     */
    void read(Connection connection, long atMost, Consumer<RowChange> reader) throws SQLException {
        String key = String.join(", ", table.primaryKey());
        // A cursor: there may be more than can be held.
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(ROWS_AT_ONCE);
            for (Kind kind : Kind.values()) {
                try (ResultSet result = statement.executeQuery("SELECT now, past FROM " + TABLE + " WHERE " + is(kind)
                        + " ORDER BY " + key + " LIMIT " + atMost)) {
                    while (result.next()) {
                        reader.accept(change(kind, values(result.getString(1)), values(result.getString(2))));
                    }
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private RowChange change(Kind kind, Map<String, JsonNode> now, Map<String, JsonNode> past) {
        Map<String, JsonNode> key = new LinkedHashMap<>();
        table.primaryKey().forEach(column -> key.put(column, (kind == Kind.INSERT ? past : now).get(column)));
        if (kind == Kind.UPDATE) {
            columns.stream()
                    .filter(column -> now.get(column).equals(past.get(column)))
                    .forEach(column -> {
                        now.remove(column);
                        past.remove(column);
                    });
        }
        return new RowChange(kind, key, now, past);
    }

    /** A row's values, in the order of the columns. */
    private Map<String, JsonNode> values(String json) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (json != null) {
            JsonNode row;
            try {
                row = JSON.readTree(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Postgres gave what is no JSON", e);
            }
            columns.forEach(column -> values.put(column, row.get(column)));
        }
        return values;
    }

    /** The rows that differ: {@code p} as they were, {@code n} now. */
    private String compared() {
        String names = String.join(", ", columns);
        String came = "(" + isMissing("p") + " AND NOT " + isHeldBack("n") + ")";
        return """
                FROM (SELECT %s FROM %s) AS p
                FULL JOIN (SELECT %1$s FROM %s WHERE %s = %d) AS n ON %s
                WHERE %s
                """.formatted(
                        names,
                        PastRows.TABLE,
                        table.qualifiedName(),
                        table.tenantColumn(),
                        tenantId,
                        each(table.primaryKey(), "p.%1$s = n.%1$s", " AND "),
                        (keepNew ? "" : came + " OR ") + "NOT " + isMissing("p") + " AND (" + isMissing("n") + " OR "
                                + differ() + ")");
    }

    private String differ() {
        return "ROW(" + each(columns, "p.%s", ", ") + ") IS DISTINCT FROM ROW(" + each(columns, "n.%s", ", ") + ")";
    }

    private String isMissing(String side) {
        return "(" + side + "." + table.primaryKey().get(0) + " IS NULL)";
    }

    private String isHeldBack(String side) {
        return "EXISTS (SELECT FROM " + PastRows.HELD_BACK + " AS h WHERE h.record_key = concat_ws('/', "
                + each(table.primaryKey(), side + ".%s", ", ") + "))";
    }

    /** How many rows there are that are not as they were, and stay: not there then, or held back. */
    Staying staying(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("""
                SELECT count(*) FILTER (WHERE %s), count(*) FILTER (WHERE NOT %1$s)
                FROM %s AS n WHERE %s = %d AND NOT EXISTS (SELECT FROM %s AS p WHERE %s)
                """.formatted(
                        isHeldBack("n"),
                        table.qualifiedName(),
                        table.tenantColumn(),
                        tenantId,
                        PastRows.TABLE,
                        each(table.primaryKey(), "p.%1$s = n.%1$s", " AND ")))) {
            result.next();
            return new Staying(result.getLong(1), keepNew ? result.getLong(2) : 0);
        }
    }

    /**
     * Rows that a restore leaves alone, whatever they are.
     *
     * @param heldBack those that were held back then
     * @param newer those that were not there then, if they are kept
     */
    record Staying(long heldBack, long newer) {}

    static String is(Kind kind) {
        return "kind = '" + kind.label() + "'";
    }

    /** Each name in a form, joined. */
    static String each(List<String> names, String form, String joint) {
        return names.stream().map(name -> String.format(form, name)).collect(Collectors.joining(joint));
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
