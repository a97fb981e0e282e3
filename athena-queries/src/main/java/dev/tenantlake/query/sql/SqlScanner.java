package dev.tenantlake.query.sql;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL into words, quoted text, comments and symbols: enough to tell a parameter from a question mark in a string.
 * It judges no grammar, which is the engine's business.
 */
public final class SqlScanner {

    private final String sql;
    private int position;

    private SqlScanner(String sql) {
        this.sql = requireNonNull(sql, "sql");
    }

    /** The tokens of a text in order, without the white space between them. */
    public static List<Token> scan(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        List<Token> tokens = new ArrayList<>();
        while (scanner.skipWhiteSpace()) {
            tokens.add(scanner.next());
        }
        return List.copyOf(tokens);
    }

    /**
     * A part of the text.
     *
     * @param kind what it is
     * @param text as it stands there
     * @param start where it begins in the text, from 0
     */
    public record Token(Kind kind, String text, int start) {

        /** Whether it is this word, in any case, or this symbol. */
        public boolean is(String wordOrSymbol) {
            return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(wordOrSymbol);
        }
    }

    /** What a token is. */
    public enum Kind {
        /** A keyword, a name or a number. */
        WORD,
        /** A string, or a name in quotes. */
        QUOTED,
        /** From {@code --} to the end of the line, or from {@code /*} to its end. */
        COMMENT,
        /** A question mark that stands for a value. */
        PARAMETER,
        /** Any other single character. */
        SYMBOL
    }

    private boolean skipWhiteSpace() {
        while (position < sql.length() && Character.isWhitespace(sql.charAt(position))) {
            position++;
        }
        return position < sql.length();
    }

    private Token next() {
        int start = position;
        char first = sql.charAt(start);
        if (first == '\'' || first == '"' || first == '`') {
            position = endOfQuoted(first);
            return token(Kind.QUOTED, start);
        }
        if (sql.startsWith("--", start)) {
            int end = sql.indexOf('\n', start);
            position = end < 0 ? sql.length() : end;
            return token(Kind.COMMENT, start);
        }
        if (sql.startsWith("/*", start)) {
            int end = sql.indexOf("*/", start + 2);
            position = end < 0 ? sql.length() : end + 2;
            return token(Kind.COMMENT, start);
        }
        if (isPartOfWord(first)) {
            while (position < sql.length() && isPartOfWord(sql.charAt(position))) {
                position++;
            }
            return token(Kind.WORD, start);
        }
        position++;
        return token(first == '?' ? Kind.PARAMETER : Kind.SYMBOL, start);
    }

    /** After the closing quote; a doubled quote stands for itself. */
    private int endOfQuoted(char quote) {
        int at = position + 1;
        while (at < sql.length()) {
            if (sql.charAt(at) != quote) {
                at++;
            } else if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return sql.length();
    }

    private static boolean isPartOfWord(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private Token token(Kind kind, int start) {
        return new Token(kind, sql.substring(start, position), start);
    }
}
