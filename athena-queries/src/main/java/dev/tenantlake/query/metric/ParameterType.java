package dev.tenantlake.query.metric;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What values a metric's parameter takes, and how each of them is handed to Athena: as a SQL literal, since Athena puts
 * execution parameters where the question marks are and takes what it is not given in quotes for an expression.
 */
public sealed interface ParameterType {

    /**
     * A calendar day, {@code yyyy-MM-dd}. It is bound as a string, and the SQL casts it: {@code CAST(? AS date)}.
     */
    record Day() implements ParameterType {
        // Years of four digits and no fewer: months are compared as text.
        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
        private static final LocalDate EARLIEST = LocalDate.of(1970, 1, 1);
        private static final LocalDate LATEST = LocalDate.of(2999, 12, 31);

        @Override
        public String literal(String value) {
            try {
                LocalDate day = LocalDate.parse(value, FORMAT);
                if (!day.isBefore(EARLIEST) && !day.isAfter(LATEST)) {
                    return quoted(value);
                }
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("expected " + expectation(), e);
            }
            throw new IllegalArgumentException("expected " + expectation());
        }

        @Override
        public String expectation() {
            return "a day from " + EARLIEST + " to " + LATEST;
        }

        @Override
        public String toString() {
            return "date";
        }
    }

    /** A whole number between two bounds, both included. */
    record Whole(long least, long greatest) implements ParameterType {
        public Whole {
            if (least > greatest) {
                throw new IllegalArgumentException("no number lies between " + least + " and " + greatest);
            }
        }

        @Override
        public String literal(String value) {
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= greatest) {
                    return Long.toString(number);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("expected " + expectation(), e);
            }
            throw new IllegalArgumentException("expected " + expectation());
        }

        @Override
        public String expectation() {
            return "a whole number from " + least + " to " + greatest;
        }

        @Override
        public String toString() {
            return "integer(" + least + ".." + greatest + ")";
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements ParameterType {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String literal(String value) {
            if (!words.contains(value)) {
                throw new IllegalArgumentException("expected " + expectation());
            }
            return quoted(value);
        }

        @Override
        public String expectation() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public String toString() {
            return "choice(" + String.join("|", words) + ")";
        }
    }

    /** Any text. */
    record Text() implements ParameterType {
        /** How long an execution parameter may be, by the Athena API reference. */
        private static final int LONGEST_LITERAL = 1024;

        @Override
        public String literal(String value) {
            String literal = quoted(value);
            if (literal.length() > LONGEST_LITERAL) {
                throw new IllegalArgumentException("expected " + expectation());
            }
            return literal;
        }

        @Override
        public String expectation() {
            return "a text of fewer than a thousand characters";
        }

        @Override
        public String toString() {
            return "text";
        }
    }

    /**
     * A value as the SQL literal that is bound to the question mark.
     *
     * @throws IllegalArgumentException if it is not a value of the type; the message says what was expected
     */
    String literal(String value);

    /** The values it takes, in words that follow "expected". */
    String expectation();

    /** Whether it is a value of the type. */
    default boolean takes(String value) {
        try {
            literal(value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Reads what {@link #toString()} writes: {@code date}, {@code integer(1..100)}, {@code choice(day|month)} or
     * {@code text}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    static ParameterType parse(String text) {
        if (text.equals("date")) {
            return new Day();
        }
        if (text.equals("text")) {
            return new Text();
        }
        Matcher whole =
                Pattern.compile("integer\\((-?\\d{1,18})\\.\\.(-?\\d{1,18})\\)").matcher(text);
        if (whole.matches()) {
            return new Whole(Long.parseLong(whole.group(1)), Long.parseLong(whole.group(2)));
        }
        Matcher choice = Pattern.compile("choice\\(([a-z_]+(?:\\|[a-z_]+)+)\\)").matcher(text);
        if (choice.matches()) {
            return new Choice(List.of(choice.group(1).split("\\|")));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a type: expected date, text, integer(1..100) or choice(day|month)");
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
