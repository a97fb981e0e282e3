package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Rows as they were, in a temporary table of one session. Its columns have the types of the source's own, so that
 * Postgres reads the values, compares them and writes them, and no value is ever anything but its text or what Postgres
 * makes of that; and however many rows there are, none of them is held here.
 */
final class PastRows {

    /** The temporary table: the columns of the source that are known, and {@code _epoch}. */
    static final String TABLE = "pg_temp.past_rows";
    /** Another one: {@code record_key}, of rows that there were too, and of which nothing is known. */
    static final String HELD_BACK = "pg_temp.held_back";

    private static final int ROWS_AT_ONCE = 500;
    private static final Pattern MICROSECONDS = Pattern.compile(".*:\\d\\d\\.\\d{6}");

    private final Connection connection;
    private final SourceTable table;
    private final List<String> columns;

    private PastRows(Connection connection, SourceTable table, List<String> columns) {
        this.connection = requireNonNull(connection, "connection");
        this.table = requireNonNull(table, "table");
        this.columns = List.copyOf(columns);
    }

    /**
     * Makes the temporary table and fills it.
     *
     * @param connection of a session whose time zone is UTC, and that commits each statement by itself
     * @param columns the names of the columns that are wanted
     */
    static PastRows load(Connection connection, SourceTable table, List<String> columns, Stream<PastRow> rows)
            throws SQLException {
        PastRows past = new PastRows(connection, table, columns);
        past.create();
        past.fill(rows);
        past.index();
        return past;
    }

    /** Notes the keys of rows of which nothing is known, each its columns' values with slashes between them. */
    void except(Set<String> keys) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + HELD_BACK);
            statement.execute("CREATE TEMP TABLE held_back (record_key text PRIMARY KEY)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + HELD_BACK + " SELECT unnest(?::text[])")) {
            insert.setArray(1, connection.createArrayOf("text", keys.toArray()));
            insert.executeUpdate();
        }
    }

    /** The epochs of the row that has not changed for longest, and of the one that changed last; none without a row. */
    Set<Long> outermostEpochs() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT min(" + BronzeColumns.EPOCH + "), max(" + BronzeColumns.EPOCH + ") FROM " + TABLE)) {
            result.next();
            Set<Long> epochs = new LinkedHashSet<>();
            if (result.getObject(1) != null) {
                epochs.add(result.getLong(1));
                epochs.add(result.getLong(2));
            }
            return epochs;
        }
    }

    private void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + TABLE);
            // Not LIKE: that would bring along what may not be null.
            statement.execute("CREATE TEMP TABLE past_rows AS SELECT " + String.join(", ", columns) + ", 0::bigint AS "
                    + BronzeColumns.EPOCH + " FROM " + table.qualifiedName() + " WITH NO DATA");
        }
    }

    private void fill(Stream<PastRow> rows) throws SQLException {
        String names = String.join(", ", columns) + ", " + BronzeColumns.EPOCH;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + TABLE + " (" + names + ") SELECT "
                + names + " FROM json_populate_recordset(NULL::" + TABLE + ", ?::json)")) {
            Iterator<PastRow> next = rows.iterator();
            while (next.hasNext()) {
                ArrayNode batch = LakeJson.mapper().createArrayNode();
                while (batch.size() < ROWS_AT_ONCE && next.hasNext()) {
                    batch.add(json(next.next()));
                }
                insert.setString(1, batch.toString());
                insert.executeUpdate();
            }
        }
    }

    private void index() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER TABLE " + TABLE + " ADD PRIMARY KEY (" + String.join(", ", table.primaryKey()) + ")");
            statement.execute("ANALYZE " + TABLE);
        }
    }

    /** A row in the form that {@code json_populate_recordset} reads: what is JSON itself as it is, all else as a text. */
    private ObjectNode json(PastRow row) {
        ObjectNode json = LakeJson.mapper().createObjectNode().put(BronzeColumns.EPOCH, row.epoch());
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            String value = row.values().get(i);
            if (value == null || !columns.contains(column.name())) {
                continue;
            }
            switch (column.type()) {
                case JSON, TEXT_ARRAY -> json.putRawValue(column.name(), new RawValue(value));
                case INSTANT -> json.put(column.name(), instant(column, value));
                default -> json.put(column.name(), value);
            }
        }
        return json;
    }

    private String instant(SourceColumn column, String value) {
        if (!MICROSECONDS.matcher(value).matches()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "Athena gives " + table.qualifiedName() + "." + column.name() + " as '" + value
                            + "': expected an instant with its microseconds, as the source has it; what lacks them is not"
                            + " restored");
        }
        return value;
    }
}
