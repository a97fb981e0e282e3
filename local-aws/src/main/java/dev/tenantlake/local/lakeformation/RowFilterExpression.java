package dev.tenantlake.local.lakeformation;

import dev.tenantlake.local.glue.GlueCatalog.Column;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.predicate.InvalidPredicateException;
import dev.tenantlake.local.predicate.Predicate;
import dev.tenantlake.local.predicate.Predicate.Literal;
import dev.tenantlake.local.predicate.PredicateParser;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks the row filter expression of a data cells filter against the subset of PartiQL that Lake Formation takes
 * (developer guide, "PartiQL support in row filter expressions"), on columns that the table has.
 */
final class RowFilterExpression {

    /** An expression must be shorter than that. */
    private static final int TOO_LONG = 2048;

    private static final Set<String> TEXTS = Set.of("string", "char", "varchar");
    private static final Set<String> NUMBERS = Set.of("int", "bigint", "float", "double", "decimal");

    private final Map<String, String> types = new HashMap<>();
    private final Set<String> partitionKeys = new HashSet<>();

    private RowFilterExpression(Table table) {
        table.columns().forEach(this::add);
        table.partitionKeys().forEach(key -> {
            add(key);
            partitionKeys.add(key.name().toLowerCase(Locale.ROOT));
        });
    }

    /** @throws InvalidPredicateException if it is not such an expression */
    static void requireValid(String text, Table table) {
        if (text.length() >= TOO_LONG) {
            throw new InvalidPredicateException(
                    "it has " + text.length() + " characters: it must have fewer than " + TOO_LONG);
        }
        if (text.indexOf('`') >= 0) {
            throw new InvalidPredicateException("a column's name is quoted with \", not with `");
        }
        RowFilterExpression expression = new RowFilterExpression(table);
        PredicateParser.parse(text).parts().forEach(expression::requireValid);
    }

    private void add(Column column) {
        String type = column.type().toLowerCase(Locale.ROOT).replaceAll("[(<].*", "");
        types.put(column.name().toLowerCase(Locale.ROOT), type.equals("integer") ? "int" : type);
    }

    private void requireValid(Predicate part) {
        if (part instanceof Predicate.Comparison comparison) {
            requireConstants(comparison.column(), List.of(comparison.value()));
        } else if (part instanceof Predicate.Between between) {
            requireConstants(between.column(), List.of(between.low(), between.high()));
        } else if (part instanceof Predicate.In in) {
            requireConstants(in.column(), in.values());
        } else if (part instanceof Predicate.Like like) {
            if (!TEXTS.contains(type(like.column()))) {
                throw new InvalidPredicateException("LIKE needs a text, and " + like.column() + " is none");
            }
            requireConstants(like.column(), List.of(like.pattern()));
        } else if (part instanceof Predicate.IsNull isNull) {
            type(isNull.column());
            if (partitionKeys.contains(isNull.column().toLowerCase(Locale.ROOT))) {
                throw new InvalidPredicateException(
                        "IS NULL is not supported on a partition column: " + isNull.column());
            }
        }
    }

    private void requireConstants(String column, List<Literal> constants) {
        String type = type(column);
        Literal.Kind kind = TEXTS.contains(type)
                ? Literal.Kind.STRING
                : NUMBERS.contains(type) ? Literal.Kind.NUMBER : Literal.Kind.BOOLEAN;
        for (Literal constant : constants) {
            if (constant.kind() != kind) {
                throw new InvalidPredicateException(
                        "column " + column + " is of type " + type + " and cannot be compared with " + constant.text());
            }
        }
    }

    private String type(String column) {
        String type = types.get(column.toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new InvalidPredicateException("there is no column " + column);
        }
        if (!TEXTS.contains(type) && !NUMBERS.contains(type) && !type.equals("boolean")) {
            throw new InvalidPredicateException(
                    "column " + column + " is of type " + type + ", which a row filter expression does not support");
        }
        return type;
    }
}
