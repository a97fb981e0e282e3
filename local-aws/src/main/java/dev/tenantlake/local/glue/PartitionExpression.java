package dev.tenantlake.local.glue;

import dev.tenantlake.local.glue.GlueCatalog.Column;
import dev.tenantlake.local.predicate.InvalidPredicateException;
import dev.tenantlake.local.predicate.Predicate;
import dev.tenantlake.local.predicate.Predicate.Literal;
import dev.tenantlake.local.predicate.PredicateParser;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonInput;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The expression by which {@code GetPartitions} picks partitions, such as {@code ((tenant_id = '3'))}: values are
 * compared as numbers where the partition key is one, else as texts, which for dates comes to the same.
 */
final class PartitionExpression {

    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "int", "integer", "bigint", "long", "float", "double");
    /** How Hive's layout spells that a partition key has no value. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private final Predicate predicate;
    private final List<Column> keys;

    private PartitionExpression(Predicate predicate, List<Column> keys) {
        this.predicate = predicate;
        this.keys = List.copyOf(keys);
    }

    /** @throws AwsFault {@code InvalidInputException} if it cannot be read, or names what is not a partition key */
    static PartitionExpression parse(String text, List<Column> keys, JsonInput input) {
        try {
            PartitionExpression expression = new PartitionExpression(PredicateParser.parse(text), keys);
            expression.requireSound();
            return expression;
        } catch (InvalidPredicateException e) {
            throw input.invalid("Unsupported expression '" + text + "': " + e.getMessage());
        }
    }

    boolean matches(List<String> values) {
        Map<String, Value> row = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            row.put(keys.get(i).name().toLowerCase(Locale.ROOT), new Value(values.get(i), isNumber(keys.get(i))));
        }
        return matches(predicate, row);
    }

    private void requireSound() {
        Map<String, Column> known = new HashMap<>();
        keys.forEach(key -> known.put(key.name().toLowerCase(Locale.ROOT), key));
        predicate.parts().forEach(part -> {
            if (part instanceof Predicate.Comparison comparison) {
                requireSound(known, comparison.column(), List.of(comparison.value()));
            } else if (part instanceof Predicate.Between between) {
                requireSound(known, between.column(), List.of(between.low(), between.high()));
            } else if (part instanceof Predicate.In in) {
                requireSound(known, in.column(), in.values());
            } else if (part instanceof Predicate.Like like) {
                requireSound(known, like.column(), List.of());
            } else if (part instanceof Predicate.IsNull isNull) {
                requireSound(known, isNull.column(), List.of());
            }
        });
    }

    private static void requireSound(Map<String, Column> known, String name, List<Literal> constants) {
        Column key = known.get(name.toLowerCase(Locale.ROOT));
        if (key == null) {
            throw new InvalidPredicateException("'" + name + "' is not a partition key: these are " + known.keySet());
        }
        if (isNumber(key)) {
            constants.forEach(constant -> number(constant.text()));
        }
    }

    private static boolean matches(Predicate predicate, Map<String, Value> row) {
        if (predicate instanceof Predicate.And and) {
            return matches(and.left(), row) && matches(and.right(), row);
        }
        if (predicate instanceof Predicate.Or or) {
            return matches(or.left(), row) || matches(or.right(), row);
        }
        if (predicate instanceof Predicate.Not not) {
            return !matches(not.inner(), row);
        }
        if (predicate instanceof Predicate.Comparison comparison) {
            Value value = value(row, comparison.column());
            return !value.isNull() && comparison.operator().accepts(value.compareTo(comparison.value()));
        }
        if (predicate instanceof Predicate.Between between) {
            Value value = value(row, between.column());
            return !value.isNull() && value.compareTo(between.low()) >= 0 && value.compareTo(between.high()) <= 0;
        }
        if (predicate instanceof Predicate.In in) {
            Value value = value(row, in.column());
            return !value.isNull() && in.values().stream().anyMatch(constant -> value.compareTo(constant) == 0);
        }
        if (predicate instanceof Predicate.Like like) {
            return value(row, like.column()).isLike(like.pattern().text());
        }
        return value(row, ((Predicate.IsNull) predicate).column()).isNull();
    }

    private static Value value(Map<String, Value> row, String column) {
        return row.get(column.toLowerCase(Locale.ROOT));
    }

    private static boolean isNumber(Column key) {
        String type = key.type().toLowerCase(Locale.ROOT);
        return NUMBERS.contains(type) || type.startsWith("decimal");
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw new InvalidPredicateException("'" + text + "' is not a number");
        }
    }

    private record Value(String text, boolean isNumber) {

        boolean isNull() {
            return text.equals(NULL);
        }

        int compareTo(Literal constant) {
            return isNumber ? number(text).compareTo(number(constant.text())) : text.compareTo(constant.text());
        }

        boolean isLike(String pattern) {
            StringBuilder regex = new StringBuilder();
            for (char c : pattern.toCharArray()) {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(regex.toString(), Pattern.DOTALL)
                    .matcher(text)
                    .matches();
        }
    }
}
