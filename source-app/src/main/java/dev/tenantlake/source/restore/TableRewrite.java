package dev.tenantlake.source.restore;

import static dev.tenantlake.source.restore.RowDifferences.each;
import static dev.tenantlake.source.restore.RowDifferences.is;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.restore.RowChange.Kind;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Gives a table the rows back that it had: what {@link RowDifferences} found, within the caller's transaction. */
final class TableRewrite {

    /** When a row changed last, as the shop's triggers keep it. */
    private static final String UPDATED_AT = "updated_at";

    private final SourceTable table;
    private final List<String> columns;
    private final List<String> values;

    /** @param columns those that are given back, the key's among them */
    TableRewrite(SourceTable table, List<String> columns) {
        this.table = requireNonNull(table, "table");
        this.columns = List.copyOf(columns);
        this.values = columns.stream()
                .filter(column -> !table.primaryKey().contains(column))
                .toList();
    }

    /** Deletes first and inserts last, so that what only one row may have is free for the row that had it. */
    void write(Statement statement) throws SQLException {
        statement.execute("DELETE FROM %s AS n USING %s AS c WHERE c.%s AND %s"
                .formatted(table.qualifiedName(), RowDifferences.TABLE, is(Kind.DELETE), sameKey("n", "c")));
        update(statement);
        statement.execute("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s %s"
                .formatted(
                        table.qualifiedName(),
                        String.join(", ", columns),
                        each(columns, "p.%s", ", "),
                        past(Kind.INSERT)));
        makeRoomForMore(statement);
    }

    /**
     * Writes each row twice, the second time to set the time of its last change as it was.
     *
     * <p>An update that leaves that time as it is gets the present one from the table's trigger; so it is another one
     * first, whatever it was. And silver holds a row back that took a step which the shop does not take, a delivered order
     * that is paid again, until its next version: a restore is no step of the shop's, and that next version is there.
     */
    private void update(Statement statement) throws SQLException {
        List<String> assignments = values.stream()
                .map(column ->
                        column + " = p." + column + (column.equals(UPDATED_AT) ? " + interval '1 microsecond'" : ""))
                .toList();
        statement.execute(updateTo(String.join(", ", assignments)));
        if (values.contains(UPDATED_AT)) {
            statement.execute(updateTo(UPDATED_AT + " = p." + UPDATED_AT));
        }
    }

    private String updateTo(String assignments) {
        return "UPDATE %s AS n SET %s %s AND %s"
                .formatted(table.qualifiedName(), assignments, past(Kind.UPDATE), sameKey("n", "p"));
    }

    /** The rows as they were of which that becomes. */
    private String past(Kind kind) {
        return "FROM %s AS p JOIN %s AS c ON %s WHERE c.%s"
                .formatted(PastRows.TABLE, RowDifferences.TABLE, sameKey("p", "c"), is(kind));
    }

    private String sameKey(String left, String right) {
        return each(table.primaryKey(), left + ".%1$s = " + right + ".%1$s", " AND ");
    }

    /** The sequence of ids may have begun anew since: the next id is to be none that came back. */
    private void makeRoomForMore(Statement statement) throws SQLException {
        statement.execute("""
                SELECT setval(ids.sequence, highest.id)
                FROM (SELECT pg_get_serial_sequence('%s', 'id')::regclass AS sequence) AS ids,
                    (SELECT max(id) AS id FROM %s) AS highest
                WHERE ids.sequence IS NOT NULL AND highest.id > coalesce(pg_sequence_last_value(ids.sequence), 0)
                """.formatted(table.qualifiedName(), PastRows.TABLE));
    }
}
