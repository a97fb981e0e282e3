package dev.tenantlake.local.predicate;

import dev.tenantlake.local.predicate.Predicate.Literal;
import dev.tenantlake.local.predicate.Predicate.Operator;
import dev.tenantlake.local.predicate.PredicateTokens.Kind;
import dev.tenantlake.local.predicate.PredicateTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads predicates: a column compared with constants ({@code =}, {@code <>}, {@code !=}, {@code <}, {@code <=},
 * {@code >}, {@code >=}, {@code BETWEEN}, {@code IN}, {@code LIKE}, {@code IS [NOT] NULL}), joined by {@code AND},
 * {@code OR}, {@code NOT} and parentheses. There are no functions, and a column is never compared with a column.
 */
public final class PredicateParser {

    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "not", "between", "in", "like", "is", "null", "true", "false");
    /** Deeper than anybody writes; a stack has an end. */
    private static final int DEEPEST = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    private PredicateParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws InvalidPredicateException if the text is not such a predicate */
    public static Predicate parse(String text) {
        PredicateParser parser = new PredicateParser(PredicateTokens.of(text));
        Predicate predicate = parser.or();
        if (parser.at < parser.tokens.size()) {
            throw parser.unexpected("AND, OR or the end");
        }
        return predicate;
    }

    private Predicate or() {
        Predicate left = and();
        while (takeWord("or")) {
            left = new Predicate.Or(left, and());
        }
        return left;
    }

    private Predicate and() {
        Predicate left = not();
        while (takeWord("and")) {
            left = new Predicate.And(left, not());
        }
        return left;
    }

    private Predicate not() {
        if (++depth > DEEPEST) {
            throw new InvalidPredicateException("it is nested more than " + DEEPEST + " deep");
        }
        try {
            if (takeWord("not")) {
                return new Predicate.Not(not());
            }
            if (takeSymbol("(")) {
                Predicate inner = or();
                expectSymbol(")");
                return inner;
            }
            return condition();
        } finally {
            depth--;
        }
    }

    private Predicate condition() {
        String column = column();
        if (takeWord("is")) {
            boolean not = takeWord("not");
            expectWord("null");
            return negated(not, new Predicate.IsNull(column));
        }
        boolean not = takeWord("not");
        if (takeWord("between")) {
            Literal low = literal();
            expectWord("and");
            return negated(not, new Predicate.Between(column, low, literal()));
        }
        if (takeWord("in")) {
            return negated(not, new Predicate.In(column, list()));
        }
        if (takeWord("like")) {
            return negated(not, new Predicate.Like(column, literal()));
        }
        if (not) {
            throw unexpected("BETWEEN, IN or LIKE after NOT");
        }
        return new Predicate.Comparison(column, operator(), literal());
    }

    private static Predicate negated(boolean not, Predicate predicate) {
        return not ? new Predicate.Not(predicate) : predicate;
    }

    private List<Literal> list() {
        expectSymbol("(");
        List<Literal> values = new ArrayList<>();
        do {
            values.add(literal());
        } while (takeSymbol(","));
        expectSymbol(")");
        return values;
    }

    private String column() {
        Token token = peek();
        if (token != null && token.kind() == Kind.QUOTED_NAME) {
            at++;
            return token.text();
        }
        if (token != null && token.kind() == Kind.WORD && !isKeyword(token)) {
            at++;
            if (peekSymbol("(")) {
                throw new InvalidPredicateException("functions are not supported: " + token.text() + "(");
            }
            return token.text().toLowerCase(Locale.ROOT);
        }
        throw unexpected("a column's name");
    }

    private Operator operator() {
        Token token = peek();
        if (token != null && token.kind() == Kind.SYMBOL) {
            at++;
            switch (token.text()) {
                case "=":
                    return Operator.EQUAL;
                case "<>", "!=":
                    return Operator.NOT_EQUAL;
                case "<":
                    return Operator.LESS;
                case "<=":
                    return Operator.LESS_OR_EQUAL;
                case ">":
                    return Operator.GREATER;
                case ">=":
                    return Operator.GREATER_OR_EQUAL;
                default:
                    at--;
            }
        }
        throw unexpected("a comparison operator");
    }

    private Literal literal() {
        Token token = peek();
        if (token != null) {
            at++;
            if (token.kind() == Kind.STRING) {
                return new Literal(Literal.Kind.STRING, token.text());
            }
            if (token.kind() == Kind.NUMBER) {
                return new Literal(Literal.Kind.NUMBER, token.text());
            }
            String word = token.text().toLowerCase(Locale.ROOT);
            if (token.kind() == Kind.WORD && (word.equals("true") || word.equals("false"))) {
                return new Literal(Literal.Kind.BOOLEAN, word);
            }
            at--;
            if (token.kind() == Kind.QUOTED_NAME || token.kind() == Kind.WORD && !isKeyword(token)) {
                throw new InvalidPredicateException(
                        "a column can be compared with a constant only, not with " + token.text());
            }
        }
        throw unexpected("a constant");
    }

    private Token peek() {
        return at < tokens.size() ? tokens.get(at) : null;
    }

    private boolean peekSymbol(String symbol) {
        Token token = peek();
        return token != null && token.kind() == Kind.SYMBOL && token.text().equals(symbol);
    }

    private boolean takeSymbol(String symbol) {
        boolean there = peekSymbol(symbol);
        if (there) {
            at++;
        }
        return there;
    }

    private void expectSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw unexpected("'" + symbol + "'");
        }
    }

    private boolean takeWord(String word) {
        Token token = peek();
        boolean there =
                token != null && token.kind() == Kind.WORD && token.text().equalsIgnoreCase(word);
        if (there) {
            at++;
        }
        return there;
    }

    private void expectWord(String word) {
        if (!takeWord(word)) {
            throw unexpected(word.toUpperCase(Locale.ROOT));
        }
    }

    private static boolean isKeyword(Token token) {
        return KEYWORDS.contains(token.text().toLowerCase(Locale.ROOT));
    }

    private InvalidPredicateException unexpected(String expected) {
        Token token = peek();
        return new InvalidPredicateException(
                "expected " + expected + ", found " + (token == null ? "the end" : "'" + token.text() + "'"));
    }
}
