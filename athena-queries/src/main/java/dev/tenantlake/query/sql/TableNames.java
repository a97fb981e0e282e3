package dev.tenantlake.query.sql;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.sql.SqlScanner.Kind;
import dev.tenantlake.query.sql.SqlScanner.Token;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names of tables in a statement that are written with their database, {@code silver.orders}, quoted or not, with the
 * catalog before them or without.
 */
public final class TableNames {

    private static final String CATALOG = "awsdatacatalog";

    /** What can follow a table that has no alias. Any other name there is one. */
    private static final Set<String> AFTER_A_TABLE = Set.of(
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "fetch",
            "window",
            "join",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "natural",
            "on",
            "using",
            "union",
            "intersect",
            "except",
            "tablesample",
            "match_recognize",
            "for");

    private final String sql;
    private final List<Token> tokens;
    private final Set<String> databases;

    /** @param databases the databases whose tables are looked for, in lower case */
    public TableNames(String sql, Set<String> databases) {
        this.sql = requireNonNull(sql, "sql");
        this.databases = Set.copyOf(databases);
        this.tokens = SqlScanner.scan(sql).stream()
                .filter(token -> token.kind() != Kind.COMMENT)
                .toList();
    }

    /**
     * A name in the text.
     *
     * @param table {@code database.table} in lower case
     * @param first the index of its first token
     * @param last the index of its last token
     */
    private record Found(String table, int first, int last) {}

    /** The tables that are named, {@code database.table} in lower case. */
    public Set<String> tables() {
        Set<String> tables = new LinkedHashSet<>();
        found().forEach(name -> tables.add(name.table()));
        return tables;
    }

    /** Whether a word stands in the statement by itself: a name that is taken there. */
    public boolean uses(String name) {
        return tokens.stream().anyMatch(token -> name.equals(name(token)));
    }

    /**
     * The statement with other names for tables. Whatever else names the table, such as {@code orders.id}, still does:
     * where it had no alias it gets its own name for one.
     *
     * @param names what tables among the {@link #tables()} are to be called; the others keep their names
     */
    public String replaced(Map<String, String> names) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Found name : found()) {
            if (!names.containsKey(name.table())) {
                continue;
            }
            Token last = tokens.get(name.last());
            int end = last.start() + last.text().length();
            String table = name.table().substring(name.table().indexOf('.') + 1);
            text.append(sql, from, tokens.get(name.first()).start());
            if (isSymbol(name.last() + 1, ".")) {
                text.append(table);
            } else {
                text.append(names.get(name.table()));
                if (!hasAlias(name.last() + 1)) {
                    text.append(" AS ").append(table);
                }
            }
            from = end;
        }
        return text.append(sql, from, sql.length()).toString();
    }

    private List<Found> found() {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            String database = name(tokens.get(i));
            String table = name(tokens.get(i + 2));
            if (database == null || table == null || !databases.contains(database) || !isSymbol(i + 1, ".")) {
                continue;
            }
            boolean inCatalog = i >= 2 && isSymbol(i - 1, ".") && CATALOG.equals(name(tokens.get(i - 2)));
            if (inCatalog || !isSymbol(i - 1, ".")) {
                found.add(new Found(database + "." + table, inCatalog ? i - 2 : i, i + 2));
                i += 2;
            }
        }
        return found;
    }

    private boolean hasAlias(int at) {
        if (at >= tokens.size()) {
            return false;
        }
        String next = name(tokens.get(at));
        return next != null && (tokens.get(at).kind() == Kind.QUOTED || !AFTER_A_TABLE.contains(next));
    }

    private boolean isSymbol(int at, String symbol) {
        return at >= 0
                && at < tokens.size()
                && tokens.get(at).kind() == Kind.SYMBOL
                && tokens.get(at).is(symbol);
    }

    /** The name that a token is, in lower case, or null if it is none. */
    private static String name(Token token) {
        if (token.kind() == Kind.WORD) {
            return token.text().toLowerCase(Locale.ROOT);
        }
        if (token.kind() == Kind.QUOTED
                && token.text().length() > 2
                && token.text().startsWith("\"")) {
            return token.text().substring(1, token.text().length() - 1).toLowerCase(Locale.ROOT);
        }
        return null;
    }
}
