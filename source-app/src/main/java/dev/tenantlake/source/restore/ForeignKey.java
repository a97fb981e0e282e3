package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A foreign key of the source.
 *
 * @param from the table that refers
 * @param columns its columns that do
 * @param to the table that is referred to
 * @param referenced its columns that are
 * @param onDelete what becomes of a row that refers when the other one is deleted
 * @param emptied the columns that are set then, if any are
 */
record ForeignKey(
        Table from, List<String> columns, Table to, List<String> referenced, OnDelete onDelete, List<String> emptied) {

    ForeignKey {
        requireNonNull(from, "from");
        columns = List.copyOf(columns);
        requireNonNull(to, "to");
        referenced = List.copyOf(referenced);
        requireNonNull(onDelete, "onDelete");
        emptied = List.copyOf(emptied);
    }

    /**
     * A table of the source.
     *
     * @param name its name
     * @param qualified the same with its schema, as it stands in SQL
     */
    record Table(String name, String qualified) {}

    /** What becomes of a row that refers to one that is deleted. */
    enum OnDelete {
        /** It stays as it is, and so the other one must stay too. */
        REFUSED,
        /** It is deleted too. */
        DELETED,
        /** It refers to nothing then. */
        EMPTIED
    }

    /** The foreign keys of a table, and those to it. */
    static List<ForeignKey> around(Statement statement, String qualifiedTable) throws SQLException {
        List<ForeignKey> found = new ArrayList<>();
        try (ResultSet result = statement.executeQuery("""
                SELECT refers.relname, format('%%I.%%I', refers.relnamespace::regnamespace, refers.relname),
                    referred.relname, format('%%I.%%I', referred.relnamespace::regnamespace, referred.relname),
                    confdeltype,
                    ARRAY(SELECT quote_ident(attname) FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
                          JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
                    ARRAY(SELECT quote_ident(attname) FROM unnest(confkey) WITH ORDINALITY AS k (number, place)
                          JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place),
                    ARRAY(SELECT quote_ident(attname) FROM unnest(coalesce(confdelsetcols, conkey)) AS number
                          JOIN pg_attribute ON attrelid = conrelid AND attnum = number)
                FROM pg_constraint
                JOIN pg_class AS refers ON refers.oid = conrelid
                JOIN pg_class AS referred ON referred.oid = confrelid
                WHERE contype = 'f' AND conparentid = 0 AND '%s'::regclass IN (conrelid, confrelid)
                ORDER BY conname
                """.formatted(qualifiedTable))) {
            while (result.next()) {
                found.add(new ForeignKey(
                        new Table(result.getString(1), result.getString(2)),
                        names(result.getArray(6)),
                        new Table(result.getString(3), result.getString(4)),
                        names(result.getArray(7)),
                        switch (result.getString(5)) {
                            case "c" -> OnDelete.DELETED;
                            case "n", "d" -> OnDelete.EMPTIED;
                            default -> OnDelete.REFUSED;
                        },
                        names(result.getArray(8))));
            }
        }
        return found;
    }

    private static List<String> names(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}
