package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One statement as Athena is given it, looked at word by word, without understanding it. */
final class SqlText {

    /** What others than an administrator may begin a statement with. */
    private static final Set<String> READING =
            Set.of("SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "DESC", "EXPLAIN");
    /** Words that can stand before a string to make a constant of another type. */
    private static final Set<String> TYPES = Set.of(
            "DATE",
            "TIME",
            "TIMESTAMP",
            "DECIMAL",
            "DOUBLE",
            "REAL",
            "BIGINT",
            "INTEGER",
            "BOOLEAN",
            "VARCHAR",
            "CHAR",
            "JSON",
            "UUID",
            "IPADDRESS",
            "X");

    private static final Set<String> CONSTANTS = Set.of("TRUE", "FALSE", "NULL");

    private final String sql;
    private final List<SqlToken> tokens;

    private SqlText(String sql, List<SqlToken> tokens) {
        this.sql = requireNonNull(sql, "sql");
        this.tokens = List.copyOf(tokens);
    }

    /**
     * A statement, without the semicolon that may end it.
     *
     * @throws QueryFailedException if there is none, or more than one
     */
    static SqlText of(String text) {
        List<SqlToken> tokens = SqlToken.of(text);
        int count = tokens.size();
        while (count > 0 && tokens.get(count - 1).is(";")) {
            count--;
        }
        if (count == 0) {
            throw wrong("The statement is empty.");
        }
        List<SqlToken> statement = tokens.subList(0, count);
        if (statement.stream().anyMatch(token -> token.is(";"))) {
            throw wrong("Only one SQL statement is allowed at a time.");
        }
        return new SqlText(text.substring(0, tokens.get(count - 1).end()), statement);
    }

    /** What Trino is to be given, where its words are not Athena's. */
    String forTrino() {
        if (tokens.size() > 1 && tokens.get(0).is("SHOW") && tokens.get(1).is("DATABASES")) {
            return "SHOW SCHEMAS" + sql.substring(tokens.get(1).end());
        }
        return sql;
    }

    /**
     * What Trino is to be given to run it with these constants in the places of its question marks.
     *
     * @throws QueryFailedException if one of them is not a constant: it could stand for more than one
     */
    String forTrino(List<String> parameters) {
        if (parameters.isEmpty()) {
            return forTrino();
        }
        for (String parameter : parameters) {
            if (!isConstant(SqlToken.of(parameter))) {
                throw wrong("Execution parameter " + parameter
                        + " is not a constant: expected a number, a string in single quotes, true, false or null.");
            }
        }
        return "EXECUTE IMMEDIATE '" + forTrino().replace("'", "''") + "' USING "
                + parameters.stream().map(SqlText::withoutComments).collect(Collectors.joining(", "));
    }

    /** Whether something is named so in it, quoted or not. */
    boolean names(String name) {
        return tokens.stream()
                .filter(token -> token.kind() == SqlToken.Kind.WORD || token.kind() == SqlToken.Kind.QUOTED)
                .anyMatch(token -> token.name().equalsIgnoreCase(name));
    }

    /**
     * Sees that it only reads, and that it tells nothing of rows that are not in its result: EXPLAIN ANALYZE counts the
     * rows that a filter holds back.
     *
     * @throws QueryFailedException if it does not
     */
    void requireReading() {
        String first = tokens.stream()
                .filter(token -> !token.is("("))
                .findFirst()
                .map(token -> token.text().toUpperCase(Locale.ROOT))
                .orElse("");
        if (!READING.contains(first)) {
            throw wrong("Access Denied: " + first + " statements are for the data lake administrator.");
        }
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i - 1).is("EXPLAIN") && tokens.get(i).is("ANALYZE")) {
                throw wrong("Access Denied: EXPLAIN ANALYZE is for the data lake administrator.");
            }
        }
    }

    private static boolean isConstant(List<SqlToken> tokens) {
        int from = !tokens.isEmpty() && (tokens.get(0).is("-") || tokens.get(0).is("+")) ? 1 : 0;
        List<SqlToken> unsigned = tokens.subList(from, tokens.size());
        if (unsigned.size() == 1) {
            SqlToken token = unsigned.get(0);
            return token.kind() == SqlToken.Kind.NUMBER
                    || from == 0
                            && (isString(token)
                                    || CONSTANTS.contains(token.text().toUpperCase(Locale.ROOT)));
        }
        return from == 0
                && unsigned.size() == 2
                && TYPES.contains(unsigned.get(0).text().toUpperCase(Locale.ROOT))
                && isString(unsigned.get(1));
    }

    private static boolean isString(SqlToken token) {
        return token.kind() == SqlToken.Kind.STRING
                && token.text().chars().filter(c -> c == '\'').count() % 2 == 0;
    }

    private static String withoutComments(String parameter) {
        return SqlToken.of(parameter).stream().map(SqlToken::text).collect(Collectors.joining(" "));
    }

    static QueryFailedException wrong(String message) {
        return new QueryFailedException(Category.USER, message);
    }
}
