package dev.tenantlake.local.glue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.Page;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;

/** What the requests of all of Glue's operations have in common. */
final class GlueNames {

    private static final int LONGEST = 255;

    private GlueNames() {}

    /** A name that must be given, in small letters. */
    static String name(JsonInput input, String member) {
        String name = input.text(member).toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST || name.isBlank()) {
            throw input.invalid(member + " must have 1 to " + LONGEST + " characters");
        }
        return name;
    }

    /** What was given, under the name in small letters. */
    static ObjectNode renamed(JsonInput given, String name) {
        return given.node().deepCopy().put("Name", name);
    }

    /** The part of a list that a request with {@code NextToken} and {@code MaxResults} asks for. */
    static <T> Page<T> page(JsonInput input, List<T> sorted, Function<T, String> key, int largest) {
        OptionalInt size = input.optionalInt("MaxResults");
        if (size.isPresent() && (size.getAsInt() < 1 || size.getAsInt() > largest)) {
            throw input.invalid("MaxResults must be 1 to " + largest);
        }
        return Page.of(
                sorted,
                key,
                input.optionalText("NextToken").filter(token -> !token.isEmpty()),
                size.orElse(largest),
                input::invalid);
    }
}
