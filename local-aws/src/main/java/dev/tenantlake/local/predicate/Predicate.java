package dev.tenantlake.local.predicate;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/** A condition on the columns of a row, in the subset of SQL that Glue's and Lake Formation's expressions share. */
public sealed interface Predicate {

    /** Both hold. */
    record And(Predicate left, Predicate right) implements Predicate {}

    /** At least one holds. */
    record Or(Predicate left, Predicate right) implements Predicate {}

    /** It does not hold. */
    record Not(Predicate inner) implements Predicate {}

    /** A column compared with a constant. */
    record Comparison(String column, Operator operator, Literal value) implements Predicate {}

    /** A column lies between two constants, or is one of them. */
    record Between(String column, Literal low, Literal high) implements Predicate {}

    /** A column is one of several constants. */
    record In(String column, List<Literal> values) implements Predicate {
        public In {
            values = List.copyOf(values);
        }
    }

    /** A column's text is like a pattern: {@code %} stands for any characters, {@code _} for any one. */
    record Like(String column, Literal pattern) implements Predicate {}

    /** A column has no value. */
    record IsNull(String column) implements Predicate {}

    /** How two values are compared. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        /** Whether values that compare so, as {@link java.util.Comparator} says it, satisfy the operator. */
        public boolean accepts(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case NOT_EQUAL -> comparison != 0;
                case LESS -> comparison < 0;
                case LESS_OR_EQUAL -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_OR_EQUAL -> comparison >= 0;
            };
        }
    }

    /**
     * A constant.
     *
     * @param kind what it is written as
     * @param text its text, of a string without quotes
     */
    record Literal(Kind kind, String text) {
        public Literal {
            requireNonNull(kind, "kind");
            requireNonNull(text, "text");
        }

        /** What a constant is written as. */
        public enum Kind {
            STRING,
            NUMBER,
            BOOLEAN
        }
    }

    /** The predicate itself and all that it is made of. */
    default Stream<Predicate> parts() {
        if (this instanceof And and) {
            return Stream.of(Stream.of(this), and.left().parts(), and.right().parts())
                    .flatMap(part -> part);
        }
        if (this instanceof Or or) {
            return Stream.of(Stream.of(this), or.left().parts(), or.right().parts())
                    .flatMap(part -> part);
        }
        if (this instanceof Not not) {
            return Stream.concat(Stream.of(this), not.inner().parts());
        }
        return Stream.of(this);
    }
}
