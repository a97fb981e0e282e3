package dev.tenantlake.local.engine;

import io.trino.client.ClientTypeSignature;
import io.trino.client.ClientTypeSignatureParameter;
import io.trino.client.Row;
import io.trino.client.RowField;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How Athena shows Trino's types and values in a result, where everything is text. */
final class AthenaValues {

    private static final HexFormat BYTES = HexFormat.ofDelimiter(" ");
    /** Fractional digits that Hudi's connector gives; the files hold six. */
    private static final int NANOSECONDS = 9;

    private static final Set<String> TIMES =
            Set.of("timestamp", "timestamp with time zone", "time", "time with time zone");

    private AthenaValues() {}

    /** The Athena name of a type; precision and scale are given for a decimal, and for nothing else. */
    static String type(ClientTypeSignature type) {
        return switch (type.getRawType()) {
            case "real" -> "float";
            case "decimal" ->
                "decimal("
                        + type.getArguments().stream()
                                .map(ClientTypeSignatureParameter::getLongLiteral)
                                .map(String::valueOf)
                                .collect(Collectors.joining(","))
                        + ")";
            // No row has a value of it: the type of NULL.
            case "unknown" -> "varchar";
            default -> type.getRawType();
        };
    }

    /** A value of that type as text, or null. */
    static String text(ClientTypeSignature type, Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return BYTES.formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            ClientTypeSignature element = type.getArgumentsAsTypeSignatures().get(0);
            return list.stream().map(item -> nested(element, item)).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            ClientTypeSignature key = type.getArgumentsAsTypeSignatures().get(0);
            ClientTypeSignature item = type.getArgumentsAsTypeSignatures().get(1);
            return map.entrySet().stream()
                    .map(entry -> nested(key, entry.getKey()) + "=" + nested(item, entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Row row) {
            return row(type, row);
        }
        if (TIMES.contains(type.getRawType())) {
            return time(value.toString());
        }
        return value.toString();
    }

    private static String row(ClientTypeSignature type, Row row) {
        Iterator<ClientTypeSignatureParameter> types = type.getArguments().iterator();
        StringBuilder text = new StringBuilder("{");
        for (RowField field : row.getFields()) {
            if (text.length() > 1) {
                text.append(", ");
            }
            ClientTypeSignature fieldType = types.next().getNamedTypeSignature().getTypeSignature();
            text.append(field.getName().orElse("field" + field.getOrdinal()))
                    .append('=')
                    .append(nested(fieldType, field.getValue()));
        }
        return text.append('}').toString();
    }

    private static String nested(ClientTypeSignature type, Object value) {
        String text = text(type, value);
        return text == null ? "null" : text;
    }

    /** Microseconds in place of nanoseconds where no nanoseconds are. */
    private static String time(String text) {
        int point = text.indexOf('.');
        int end = point + 1;
        while (point >= 0 && end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        if (point >= 0 && end - point - 1 == NANOSECONDS && text.startsWith("000", end - 3)) {
            return text.substring(0, end - 3) + text.substring(end);
        }
        return text;
    }
}
