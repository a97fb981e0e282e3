package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of an SQL text, as Trino's grammar cuts it. Blanks and comments are none.
 *
 * @param kind what it is
 * @param text as it is written
 * @param start the index of its first character
 * @param end the index after its last
 */
record SqlToken(Kind kind, String text, int start, int end) {

    enum Kind {
        /** A keyword, or the name of something. */
        WORD,
        /** The name of something, in double quotes or backquotes. */
        QUOTED,
        STRING,
        NUMBER,
        /** An operator, or one character of anything else. */
        SYMBOL
    }

    SqlToken {
        requireNonNull(kind, "kind");
        requireNonNull(text, "text");
    }

    /** Whether it is that keyword or that operator. */
    boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    /** What a word or a quoted name stands for. */
    String name() {
        if (kind != Kind.QUOTED) {
            return text;
        }
        String quote = text.substring(0, 1);
        String inner =
                text.length() > 1 && text.endsWith(quote) ? text.substring(1, text.length() - 1) : text.substring(1);
        return inner.replace(quote + quote, quote);
    }

    /** The pieces of a text. One that is not closed goes on to the end: Trino is to say what is wrong with it. */
    static List<SqlToken> of(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                    at++;
                }
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else {
                SqlToken token = next(sql, at);
                tokens.add(token);
                at = token.end();
            }
        }
        return tokens;
    }

    private static SqlToken next(String sql, int start) {
        char c = sql.charAt(start);
        if (c == '\'') {
            return token(Kind.STRING, sql, start, quoted(sql, start));
        }
        if (c == '"' || c == '`') {
            return token(Kind.QUOTED, sql, start, quoted(sql, start));
        }
        if (isDigit(c) || c == '.' && start + 1 < sql.length() && isDigit(sql.charAt(start + 1))) {
            return token(Kind.NUMBER, sql, start, number(sql, start));
        }
        if (isWord(c)) {
            int end = start;
            while (end < sql.length() && (isWord(sql.charAt(end)) || isDigit(sql.charAt(end)))) {
                end++;
            }
            return token(Kind.WORD, sql, start, end);
        }
        for (String operator : List.of("<>", "!=", "<=", ">=", "||", "->", "=>")) {
            if (sql.startsWith(operator, start)) {
                return token(Kind.SYMBOL, sql, start, start + operator.length());
            }
        }
        return token(Kind.SYMBOL, sql, start, start + 1);
    }

    /** The end of what begins with a quote there; two quotes in it stand for one. */
    private static int quoted(String sql, int start) {
        char quote = sql.charAt(start);
        int at = start + 1;
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

    /** The end of a number, or of a name that begins with a digit, which takes in its letters. */
    private static int number(String sql, int start) {
        int at = start;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            boolean sign = (c == '+' || c == '-') && at > start && "eE".indexOf(sql.charAt(at - 1)) >= 0;
            if (!isDigit(c) && !isWord(c) && c != '.' && !sign) {
                return at;
            }
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private static SqlToken token(Kind kind, String sql, int start, int end) {
        return new SqlToken(kind, sql.substring(start, end), start, end);
    }
}
