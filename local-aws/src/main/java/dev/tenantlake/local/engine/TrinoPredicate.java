package dev.tenantlake.local.engine;

import dev.tenantlake.local.predicate.InvalidPredicateException;
import dev.tenantlake.local.predicate.Predicate;
import dev.tenantlake.local.predicate.Predicate.Literal;
import dev.tenantlake.local.predicate.PredicateParser;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A filter's row expression in Trino's SQL. It is written anew from what was read of it, every name quoted and every
 * pair in parentheses, so that it means the same there and nothing else can come into a query by this way.
 *
 * @param sql the expression, in parentheses
 * @param isRange whether all that it says is which values of a column can pass. Trino then narrows what it reads by
 *     that, and compares a row with it before it looks at anything else.
 */
record TrinoPredicate(String sql, boolean isRange) {

    private static final Pattern INTEGER = Pattern.compile("[-+]?\\d+");

    /**
     * Reads a row expression.
     *
     * @throws InvalidPredicateException if it is not one
     */
    static TrinoPredicate of(String rows) {
        Predicate predicate = PredicateParser.parse(rows);
        return new TrinoPredicate(sql(predicate), isRange(predicate));
    }

    private static String sql(Predicate predicate) {
        if (predicate instanceof Predicate.And and) {
            return "(" + sql(and.left()) + " AND " + sql(and.right()) + ")";
        }
        if (predicate instanceof Predicate.Or or) {
            return "(" + sql(or.left()) + " OR " + sql(or.right()) + ")";
        }
        if (predicate instanceof Predicate.Not not) {
            return "(NOT " + sql(not.inner()) + ")";
        }
        if (predicate instanceof Predicate.Comparison comparison) {
            String operator = switch (comparison.operator()) {
                case EQUAL -> " = ";
                case NOT_EQUAL -> " <> ";
                case LESS -> " < ";
                case LESS_OR_EQUAL -> " <= ";
                case GREATER -> " > ";
                case GREATER_OR_EQUAL -> " >= ";
            };
            return "(" + name(comparison.column()) + operator + constant(comparison.value()) + ")";
        }
        if (predicate instanceof Predicate.Between between) {
            return "(" + name(between.column()) + " BETWEEN " + constant(between.low()) + " AND "
                    + constant(between.high()) + ")";
        }
        if (predicate instanceof Predicate.In in) {
            return "(" + name(in.column()) + " IN "
                    + in.values().stream().map(TrinoPredicate::constant).collect(Collectors.joining(", ", "(", ")"))
                    + ")";
        }
        if (predicate instanceof Predicate.Like like) {
            return "(" + name(like.column()) + " LIKE " + constant(like.pattern()) + ")";
        }
        if (predicate instanceof Predicate.IsNull isNull) {
            return "(" + name(isNull.column()) + " IS NULL)";
        }
        throw new IllegalStateException("unknown predicate: " + predicate);
    }

    private static boolean isRange(Predicate predicate) {
        if (predicate instanceof Predicate.And and) {
            return isRange(and.left()) && isRange(and.right());
        }
        if (predicate instanceof Predicate.Comparison comparison) {
            return comparison.operator() != Predicate.Operator.NOT_EQUAL && isExact(List.of(comparison.value()));
        }
        if (predicate instanceof Predicate.Between between) {
            return isExact(List.of(between.low(), between.high()));
        }
        return predicate instanceof Predicate.In in && isExact(in.values());
    }

    /** Whether a column's own type has the constants, so that the column need not be converted to be compared. */
    private static boolean isExact(List<Literal> constants) {
        return constants.stream()
                .allMatch(constant -> constant.kind() != Literal.Kind.NUMBER
                        || INTEGER.matcher(constant.text()).matches());
    }

    static String name(String column) {
        return "\"" + column.replace("\"", "\"\"") + "\"";
    }

    private static String constant(Literal constant) {
        return constant.kind() == Literal.Kind.STRING
                ? "'" + constant.text().replace("'", "''") + "'"
                : constant.text();
    }
}
