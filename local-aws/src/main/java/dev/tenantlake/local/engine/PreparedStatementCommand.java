package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A statement about prepared statements. Athena keeps those in a workgroup, so the engine knows nothing of them. */
public sealed interface PreparedStatementCommand {

    /** {@code PREPARE name FROM statement}. */
    record Prepare(String name, String sql) implements PreparedStatementCommand {
        public Prepare {
            requireNonNull(name, "name");
            requireNonNull(sql, "sql");
        }
    }

    /** {@code EXECUTE name USING parameter, …}: the parameters as they are written. */
    record Execute(String name, List<String> parameters) implements PreparedStatementCommand {
        public Execute {
            requireNonNull(name, "name");
            parameters = List.copyOf(parameters);
        }
    }

    /** {@code DEALLOCATE PREPARE name}. */
    record Deallocate(String name) implements PreparedStatementCommand {
        public Deallocate {
            requireNonNull(name, "name");
        }
    }

    /** The command that a statement is, or empty if it is another statement. */
    static Optional<PreparedStatementCommand> parse(String sql) {
        List<SqlToken> tokens = new ArrayList<>(SqlToken.of(sql));
        while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).is(";")) {
            tokens.remove(tokens.size() - 1);
        }
        int size = tokens.size();
        if (size > 3
                && tokens.get(0).is("PREPARE")
                && isName(tokens.get(1))
                && tokens.get(2).is("FROM")) {
            String statement =
                    sql.substring(tokens.get(3).start(), tokens.get(size - 1).end());
            return Optional.of(new Prepare(tokens.get(1).name(), statement));
        }
        if (size == 3 && tokens.get(0).is("DEALLOCATE") && tokens.get(1).is("PREPARE") && isName(tokens.get(2))) {
            return Optional.of(new Deallocate(tokens.get(2).name()));
        }
        if (size >= 2
                && tokens.get(0).is("EXECUTE")
                && isName(tokens.get(1))
                && !tokens.get(1).is("IMMEDIATE")) {
            if (size == 2) {
                return Optional.of(new Execute(tokens.get(1).name(), List.of()));
            }
            if (size > 3 && tokens.get(2).is("USING")) {
                return Optional.of(new Execute(tokens.get(1).name(), parameters(sql, tokens.subList(3, size))));
            }
        }
        return Optional.empty();
    }

    private static boolean isName(SqlToken token) {
        return token.kind() == SqlToken.Kind.WORD || token.kind() == SqlToken.Kind.QUOTED;
    }

    private static List<String> parameters(String sql, List<SqlToken> tokens) {
        List<String> parameters = new ArrayList<>();
        int depth = 0;
        int start = tokens.get(0).start();
        for (SqlToken token : tokens) {
            if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
            } else if (token.is(",") && depth == 0) {
                parameters.add(sql.substring(start, token.start()).strip());
                start = token.end();
            }
        }
        parameters.add(sql.substring(start, tokens.get(tokens.size() - 1).end()).strip());
        return parameters;
    }
}
