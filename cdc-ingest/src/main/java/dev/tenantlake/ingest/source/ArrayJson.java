package dev.tenantlake.ingest.source;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Postgres' text form of an array, such as {@code {a,"b c",NULL}}, as JSON: {@code ["a","b c",null]}. Arrays of several
 * dimensions become arrays of arrays; bounds that do not start at 1 are dropped, since JSON knows none.
 */
final class ArrayJson {

    /** What an element becomes. */
    enum Element {
        /** A number, unless it is NaN or infinite, which JSON does not know: a string then. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** JSON already: it is embedded as it is. */
        JSON,
        /** An instant: a string in UTC, such as {@code 2026-05-01T10:00:00.500Z}, whatever the session's time zone. */
        INSTANT,
        /** Anything else: a string, as Postgres writes it. */
        STRING
    }

    private final String text;
    private final Element element;
    private final StringBuilder json;
    private int at;

    private ArrayJson(String text, Element element) {
        this.text = text;
        this.element = element;
        this.json = new StringBuilder(text.length() + 16);
    }

    /**
     * Converts an array.
     *
     * @throws IllegalArgumentException if it is not in Postgres' text form
     */
    static String of(String text, Element element) {
        return new ArrayJson(text, element).convert();
    }

    /** What the elements of a built-in array type become, by the array's number in {@code pg_type}. */
    static Element element(int arrayOid) {
        return switch (arrayOid) {
            case 1005, 1007, 1016, 1028, 1021, 1022, 1231 -> Element.NUMBER;
            case 1000 -> Element.BOOLEAN;
            case 199, 3807 -> Element.JSON;
            case 1185 -> Element.INSTANT;
            default -> Element.STRING;
        };
    }

    private String convert() {
        if (text.startsWith("[")) {
            at = text.indexOf('=') + 1;
        }
        array();
        if (at != text.length()) {
            throw malformed();
        }
        return json.toString();
    }

    private void array() {
        expect('{');
        json.append('[');
        if (peek() == '}') {
            at++;
            json.append(']');
            return;
        }
        while (true) {
            if (peek() == '{') {
                array();
            } else if (peek() == '"') {
                value(quoted());
            } else {
                bare();
            }
            char next = peek();
            at++;
            if (next == '}') {
                json.append(']');
                return;
            }
            // A box, which is written with commas, is told from the next by a semicolon.
            if (next != ',' && next != ';') {
                throw malformed();
            }
            json.append(',');
        }
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
            }
            value.append(peek());
            at++;
        }
        at++;
        return value.toString();
    }

    private void bare() {
        int start = at;
        while (peek() != ',' && peek() != '}' && peek() != ';') {
            at++;
        }
        String value = text.substring(start, at);
        if (value.equals("NULL")) {
            json.append("null");
        } else {
            value(value);
        }
    }

    private void value(String value) {
        switch (element) {
            case BOOLEAN -> json.append(value.equals("t"));
            case JSON -> json.append(value);
            case INSTANT -> string(TimestampText.toUtc(value));
            case NUMBER -> {
                if (value.equals("NaN") || value.endsWith("Infinity")) {
                    string(value);
                } else {
                    json.append(value);
                }
            }
            case STRING -> string(value);
        }
    }

    private void string(String value) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, json);
        json.append('"');
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw malformed();
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at);
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("not an array in Postgres' text form, at character " + at + ": " + text);
    }
}
