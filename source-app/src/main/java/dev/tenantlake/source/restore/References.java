package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.restore.ForeignKey.OnDelete;
import dev.tenantlake.source.restore.RowChange.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the foreign keys around a table make of the changes that {@link RowDifferences} found. */
final class References {

    private final SourceTable table;
    private final List<String> columns;
    private final RestoreRequest request;
    private final PastEpoch epoch;

    /** @param columns those that are restored */
    References(RestoreRequest request, PastEpoch epoch, List<String> columns) {
        this.request = requireNonNull(request, "request");
        this.epoch = requireNonNull(epoch, "epoch");
        this.table = request.table();
        this.columns = List.copyOf(columns);
    }

    /**
     * What the foreign keys make of the changes.
     *
     * @param obstacle one line on what stands in the way, and what to do
     * @param alsoChanged what becomes of rows of other tables, a line for each
     */
    record Findings(Optional<String> obstacle, List<String> alsoChanged) {}

    /** Looks at every foreign key from and to the table. */
    Findings look(Statement statement) throws SQLException {
        List<ForeignKey> keys = ForeignKey.around(statement, table.qualifiedName());
        List<String> obstacles = new ArrayList<>();
        List<String> alsoChanged = new ArrayList<>();
        for (ForeignKey key : keys) {
            // What is not restored refers to what it refers to now, or not at all.
            if (isThis(key.from()) && columns.containsAll(key.columns())) {
                missing(statement, key).ifPresent(obstacles::add);
            }
        }
        for (ForeignKey key : keys) {
            long referring = isThis(key.to()) && !isThis(key.from()) ? referring(statement, key) : 0;
            if (referring > 0 && key.onDelete() == OnDelete.REFUSED) {
                obstacles.add(inTheWay(key, referring));
            } else if (referring > 0) {
                alsoChanged.add(consequence(key, referring));
            }
        }
        return new Findings(obstacles.stream().findFirst(), alsoChanged);
    }

    private boolean isThis(ForeignKey.Table other) {
        return other.qualified().equals(table.qualifiedName());
    }

    /** The rows that come back and refer to some that are not there. */
    private Optional<String> missing(Statement statement, ForeignKey key) throws SQLException {
        String last = key.columns().get(key.columns().size() - 1);
        String sameKey = RowDifferences.each(table.primaryKey(), "p.%1$s = c.%1$s", " AND ");
        try (ResultSet result = statement.executeQuery("""
                SELECT count(*), array_to_string((array_agg(DISTINCT p.%s))[1:3], ', '), count(DISTINCT p.%1$s) > 3
                FROM %s AS p JOIN %s AS c ON %s
                WHERE NOT c.%s AND %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)
                """.formatted(
                        last,
                        PastRows.TABLE,
                        RowDifferences.TABLE,
                        sameKey,
                        RowDifferences.is(Kind.DELETE),
                        RowDifferences.each(key.columns(), "p.%s IS NOT NULL", " AND "),
                        key.to().qualified(),
                        pairs(key, "p", "r")))) {
            result.next();
            long rows = result.getLong(1);
            if (rows == 0) {
                return Optional.empty();
            }
            return Optional.of(
                    rows(rows, table.name()) + " as of epoch " + epoch.number() + " " + (rows == 1 ? "refers" : "refer")
                            + " to " + key.to().name() + " that are not there now (" + last + " " + result.getString(2)
                            + (result.getBoolean(3) ? " …" : "") + "): " + firstRestore(key.to(), true));
        }
    }

    /** How many rows of another table refer to rows that go. */
    private long referring(Statement statement, ForeignKey key) throws SQLException {
        try (ResultSet result = statement.executeQuery("""
                SELECT count(*) FROM %s AS r
                JOIN %s AS n ON %s
                JOIN %s AS c ON c.%s AND %s
                """.formatted(
                        key.from().qualified(),
                        table.qualifiedName(),
                        pairs(key, "r", "n"),
                        RowDifferences.TABLE,
                        RowDifferences.is(Kind.DELETE),
                        RowDifferences.each(table.primaryKey(), "n.%1$s = c.%1$s", " AND ")))) {
            result.next();
            return result.getLong(1);
        }
    }

    private String inTheWay(ForeignKey key, long referring) {
        return rows(referring, key.from().name()) + " " + (referring == 1 ? "refers" : "refer") + " to "
                + table.name() + " that came after epoch " + epoch.number() + " and would go: "
                + firstRestore(key.from(), false) + ", or keep what came since with --keep-new";
    }

    private static String consequence(ForeignKey key, long referring) {
        return key.onDelete() == OnDelete.DELETED
                ? rows(referring, key.from().name()) + " go with the "
                        + key.to().name() + " that they refer to"
                : String.join(", ", key.emptied()) + " of "
                        + rows(referring, key.from().name()) + " becomes null";
    }

    private String firstRestore(ForeignKey.Table other, boolean keepNew) {
        return SourceTable.named(other.name())
                        .filter(known -> known.qualifiedName().equals(other.qualified()))
                        .isEmpty()
                ? "see to " + other.qualified() + " first"
                : "restore " + other.name() + " first, with ./tenantlake restore --tenant " + request.tenant()
                        + " --table " + other.name() + " --as-of " + epoch.number() + (keepNew ? " --keep-new" : "")
                        + " --apply";
    }

    private static String rows(long count, String table) {
        return count + (count == 1 ? " row of " : " rows of ") + table;
    }

    private static String pairs(ForeignKey key, String from, String to) {
        return IntStream.range(0, key.columns().size())
                .mapToObj(i -> from + "." + key.columns().get(i) + " = " + to + "."
                        + key.referenced().get(i))
                .collect(Collectors.joining(" AND "));
    }
}
