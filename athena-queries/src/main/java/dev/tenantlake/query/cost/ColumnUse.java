package dev.tenantlake.query.cost;

import dev.tenantlake.query.sql.SqlScanner;
import dev.tenantlake.query.sql.SqlScanner.Kind;
import dev.tenantlake.query.sql.SqlScanner.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which columns of the lake's tables a statement takes. It knows as much of the grammar as tells whose column a name
 * is: the tables of a query and what they are called in it, queries within queries, and their unions. A column that a
 * query with a name ({@code WITH sales AS (SELECT …)}) only hands on is taken if the statement names it elsewhere.
 */
final class ColumnUse {

    private static final Set<String> DATABASES = Set.of("bronze", "silver", "gold");
    private static final Set<String> SET_OPERATIONS = Set.of("union", "except", "intersect");
    /** What may follow a table that is given no other name. */
    private static final Set<String> AFTER_A_TABLE = Set.of(
            "cross",
            "except",
            "group",
            "having",
            "inner",
            "intersect",
            "join",
            "left",
            "limit",
            "on",
            "order",
            "right",
            "union",
            "where");

    private final List<Token> tokens;
    private final Map<String, Set<String>> used = new TreeMap<>();
    private final List<Scope> scopes = new ArrayList<>();

    private ColumnUse(String sql) {
        this.tokens = SqlScanner.scan(sql).stream()
                .filter(token -> token.kind() != Kind.COMMENT)
                .toList();
    }

    /** By table, {@code database.table}, all names that may be its columns; some may be of something else. */
    static Map<String, Set<String>> of(String sql) {
        ColumnUse use = new ColumnUse(sql);
        use.read();
        use.scopes.forEach(use::takeWhatIsHandedOn);
        use.scopes.forEach(use::resolve);
        return use.used;
    }

    /** A query: from its SELECT to its end, without the queries within. */
    private static final class Scope {
        private final Optional<Scope> outer;
        /** Whether others know it by a name. */
        private final boolean isNamed;
        /** How many parentheses are open where it stands; within it are those of what it says. */
        private final int depth;
        /** Whether what is read are the columns that it gives. */
        private boolean isInList;
        /** By the names that they have in the query. */
        private final Map<String, String> tables = new HashMap<>();

        private final List<String[]> qualified = new ArrayList<>();
        private final List<String> bare = new ArrayList<>();
        /** Columns that it gives as they are. */
        private final List<String> handedOn = new ArrayList<>();

        Scope(Optional<Scope> outer, boolean isNamed, int depth) {
            this.outer = outer;
            this.isNamed = isNamed;
            this.depth = depth;
        }

        Optional<String> table(String name) {
            return Optional.ofNullable(tables.get(name)).or(() -> outer.flatMap(scope -> scope.table(name)));
        }
    }

    private void read() {
        Deque<Scope> open = new ArrayDeque<>(List.of(scope(Optional.empty(), false, 1)));
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                boolean isQuery = is(i + 1, "select") || is(i + 1, "with");
                open.push(isQuery ? scope(Optional.of(open.peek()), is(i - 1, "as"), open.size() + 1) : open.peek());
            } else if (token.is(")")) {
                open.pop();
            } else if (token.kind() == Kind.WORD && SET_OPERATIONS.contains(word(i))) {
                open.push(next(open.pop(), is(i, "union") && is(i + 1, "all")));
            } else if (token.is("select") && open.size() == open.peek().depth) {
                open.peek().isInList = !is(i + 1, "distinct");
            } else if (token.is("from") && open.size() == open.peek().depth) {
                open.peek().isInList = false;
            } else if (open.size() == open.peek().depth && isHandedOn(i, open.peek())) {
                open.peek().handedOn.add(word(i));
            } else if (token.kind() == Kind.WORD) {
                i = name(i, open.peek());
            }
        }
    }

    /** The query that follows another one; all columns of both say which rows are equal, unless all rows are kept. */
    private Scope next(Scope scope, boolean keepsAll) {
        if (!keepsAll) {
            scope.bare.addAll(scope.handedOn);
            scope.handedOn.clear();
        }
        return scope(scope.outer, scope.isNamed && keepsAll, scope.depth);
    }

    /** Whether the token there is a column, one of those that a query gives, and nothing is made of it. */
    private boolean isHandedOn(int at, Scope scope) {
        return scope.isNamed
                && scope.isInList
                && tokens.get(at).kind() == Kind.WORD
                && (is(at - 1, "select") || is(at - 1, ","))
                && (is(at + 1, "from") || is(at + 1, ","));
    }

    private void takeWhatIsHandedOn(Scope scope) {
        for (String name : scope.handedOn) {
            boolean isNamedElsewhere = scopes.stream()
                    .anyMatch(other -> other.bare.contains(name)
                            || other.qualified.stream().anyMatch(qualified -> qualified[1].equals(name)));
            if (isNamedElsewhere) {
                scope.tables.values().forEach(table -> used.get(table).add(name));
            }
        }
    }

    /** Takes in the name that begins there, and says where it ends. */
    private int name(int at, Scope scope) {
        if (is(at, "as") && at + 1 < tokens.size() && tokens.get(at + 1).kind() == Kind.WORD) {
            // What something is called from here on, or a type.
            return at + 1;
        }
        if (!is(at + 1, ".")) {
            scope.bare.add(word(at));
            return at;
        }
        if (!DATABASES.contains(word(at))) {
            scope.qualified.add(new String[] {word(at), word(at + 2)});
            return at + 2;
        }
        String table = word(at) + "." + word(at + 2);
        used.computeIfAbsent(table, key -> new TreeSet<>());
        int alias = is(at + 3, "as") ? at + 4 : at + 3;
        boolean hasAlias =
                alias < tokens.size() && tokens.get(alias).kind() == Kind.WORD && !AFTER_A_TABLE.contains(word(alias));
        scope.tables.put(hasAlias ? word(alias) : word(at + 2), table);
        return hasAlias ? alias : at + 2;
    }

    private void resolve(Scope scope) {
        for (String[] name : scope.qualified) {
            scope.table(name[0]).ifPresent(table -> used.get(table).add(name[1]));
        }
        for (String table : scope.tables.values()) {
            used.get(table).addAll(scope.bare);
        }
    }

    private Scope scope(Optional<Scope> outer, boolean isNamed, int depth) {
        Scope scope = new Scope(outer, isNamed, depth);
        scopes.add(scope);
        return scope;
    }

    private boolean is(int at, String word) {
        return at >= 0 && at < tokens.size() && tokens.get(at).is(word);
    }

    private String word(int at) {
        return tokens.get(at).text().toLowerCase(Locale.ROOT);
    }
}
