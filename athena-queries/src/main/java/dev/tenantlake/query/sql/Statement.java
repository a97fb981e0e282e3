package dev.tenantlake.query.sql;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.util.List;

/**
 * One SQL statement as Athena is given it.
 *
 * @param sql without a semicolon at its end, which Athena's engine does not take
 * @param parameters the values of its question marks in order, each as a SQL literal, as Athena wants them
 */
public record Statement(String sql, List<String> parameters) {

    public Statement {
        requireNonNull(sql, "sql");
        parameters = List.copyOf(parameters);
    }

    /**
     * The statement that somebody wrote.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there is none in the text
     */
    public static Statement of(String text) {
        List<SqlScanner.Token> tokens = SqlScanner.scan(text);
        int end = text.length();
        boolean empty = true;
        for (SqlScanner.Token token : tokens) {
            if (token.kind() == SqlScanner.Kind.COMMENT) {
                continue;
            }
            if (!token.is(";")) {
                empty = false;
                end = text.length();
            } else if (end == text.length()) {
                end = token.start();
            }
        }
        if (empty) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, "the SQL is empty: expected a statement such as SELECT 1");
        }
        return new Statement(text.substring(0, end).strip(), List.of());
    }
}
