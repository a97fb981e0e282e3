package dev.tenantlake.local.predicate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the text of a predicate into words, constants, operators and parentheses. */
final class PredicateTokens {

    private static final Pattern TOKEN = Pattern.compile("\\s*(?:"
            + "(?<string>'(?:[^']|'')*')"
            + "|(?<quoted>\"(?:[^\"]|\"\")+\"|`[^`]+`)"
            + "|(?<number>[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?(?![\\w.]))"
            + "|(?<word>[A-Za-z_][\\w]*(?:\\.[A-Za-z_]\\w*)*)"
            + "|(?<symbol><=|>=|<>|!=|=|<|>|\\(|\\)|,)"
            + ")");

    private PredicateTokens() {}

    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        int end = text.stripTrailing().length();
        while (at < end) {
            if (!matcher.region(at, end).lookingAt()) {
                throw new InvalidPredicateException(
                        "cannot read '" + text.substring(at).strip() + "'");
            }
            tokens.add(token(matcher));
            at = matcher.end();
        }
        return tokens;
    }

    private static Token token(Matcher matcher) {
        if (matcher.group("string") != null) {
            return new Token(Kind.STRING, unquote(matcher.group("string"), "'"));
        }
        if (matcher.group("quoted") != null) {
            String quoted = matcher.group("quoted");
            return new Token(Kind.QUOTED_NAME, unquote(quoted, quoted.substring(0, 1)));
        }
        if (matcher.group("number") != null) {
            return new Token(Kind.NUMBER, matcher.group("number"));
        }
        if (matcher.group("word") != null) {
            return new Token(Kind.WORD, matcher.group("word"));
        }
        return new Token(Kind.SYMBOL, matcher.group("symbol"));
    }

    private static String unquote(String text, String quote) {
        return text.substring(1, text.length() - 1).replace(quote + quote, quote);
    }

    enum Kind {
        STRING,
        QUOTED_NAME,
        NUMBER,
        WORD,
        SYMBOL
    }

    record Token(Kind kind, String text) {}
}
