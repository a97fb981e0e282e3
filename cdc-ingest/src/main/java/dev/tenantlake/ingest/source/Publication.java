package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A publication of the source: what it publishes.
 *
 * @param name its name
 * @param allOperations whether it publishes inserts, updates, deletes and truncates, all four
 * @param tables those that it publishes, by name
 */
public record Publication(String name, boolean allOperations, List<PublishedTable> tables) {

    private static final String OPERATIONS = """
            SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate FROM pg_publication WHERE pubname = ?
            """;

    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, p.attnames, p.rowfilter, c.relkind = 'p' AS partitioned,
                   c.oid || '/' || coalesce(rel.oid, space.oid, pub.oid) AS identity,
                   c.relreplident = 'f' AND NOT EXISTS (
                     SELECT FROM pg_partition_tree(c.oid) t JOIN pg_class part ON part.oid = t.relid
                     WHERE part.relreplident <> 'f') AS full_identity, pg_relation_size(c.oid) AS bytes,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS has_key
            FROM pg_publication_tables p
            JOIN pg_publication pub ON pub.pubname = p.pubname
            JOIN pg_namespace n ON n.nspname = p.schemaname
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
            LEFT JOIN pg_publication_rel rel ON rel.prpubid = pub.oid AND rel.prrelid = c.oid
            LEFT JOIN pg_publication_namespace space ON space.pnpubid = pub.oid AND space.pnnspid = n.oid
            WHERE p.pubname = ?
            ORDER BY n.nspname, c.relname
            """;

    private static final String COLUMNS = """
            SELECT a.attname, a.atttypid, a.atttypmod
            FROM pg_attribute a
            WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    /** An array in the sense of {@code pg_type} subscripts its own kind; {@code name} and its like do not. */
    private static final String TYPES = """
            SELECT oid, typtype = 'd' AS domain, typbasetype, typtypmod, typcategory = 'A' AS is_array FROM pg_type
            """;

    public Publication {
        requireNonNull(name, "name");
        tables = List.copyOf(tables);
    }

    /** This, with no other tables than those of another. */
    public Publication only(Publication other) {
        Set<String> names =
                other.tables().stream().map(PublishedTable::qualifiedName).collect(Collectors.toSet());
        return only(table -> names.contains(table.qualifiedName()));
    }

    /** This, with no other tables than these. */
    public Publication only(Predicate<PublishedTable> wanted) {
        return new Publication(
                name, allOperations, tables.stream().filter(wanted).toList());
    }

    private record Type(boolean domain, int base, int modifier, boolean array) {}

    /** Reads a publication from the catalog, or empty if there is none of that name. */
    public static Optional<Publication> read(Connection connection, String name) throws SQLException {
        try (PreparedStatement operations = connection.prepareStatement(OPERATIONS)) {
            operations.setString(1, name);
            try (ResultSet row = operations.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Publication(name, row.getBoolean(1), tables(connection, name)));
            }
        }
    }

    private static List<PublishedTable> tables(Connection connection, String publication) throws SQLException {
        Map<Integer, Type> types = types(connection);
        List<PublishedTable> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(TABLES)) {
            select.setString(1, publication);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tables.add(new PublishedTable(
                            row.getString("nspname"),
                            row.getString("relname"),
                            row.getString("identity"),
                            columns(connection, row.getLong("oid"), names(row.getArray("attnames")), types),
                            row.getBoolean("has_key"),
                            row.getBoolean("full_identity"),
                            row.getBoolean("partitioned"),
                            Optional.ofNullable(row.getString("rowfilter")),
                            row.getLong("bytes")));
                }
            }
        }
        return tables;
    }

    private static Set<String> names(Array names) throws SQLException {
        return Set.of((String[]) names.getArray());
    }

    private static List<PublishedTable.Column> columns(
            Connection connection, long table, Set<String> published, Map<Integer, Type> types) throws SQLException {
        List<PublishedTable.Column> columns = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setLong(1, table);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String name = row.getString("attname");
                    if (published.contains(name)) {
                        columns.add(new PublishedTable.Column(
                                name, type(types, (int) row.getLong("atttypid"), row.getInt("atttypmod"))));
                    }
                }
            }
        }
        return columns;
    }

    /** The type, with domains resolved; a domain brings its own modifier. */
    private static SourceType type(Map<Integer, Type> types, int oid, int modifier) {
        Type type = types.get(oid);
        if (type.domain()) {
            return type(types, type.base(), modifier >= 0 ? modifier : type.modifier());
        }
        return SourceType.of(oid, type.array(), modifier);
    }

    private static Map<Integer, Type> types(Connection connection) throws SQLException {
        Map<Integer, Type> types = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(TYPES);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                types.put(
                        (int) row.getLong("oid"),
                        new Type(
                                row.getBoolean("domain"),
                                (int) row.getLong("typbasetype"),
                                row.getInt("typtypmod"),
                                row.getBoolean("is_array")));
            }
        }
        return types;
    }
}
