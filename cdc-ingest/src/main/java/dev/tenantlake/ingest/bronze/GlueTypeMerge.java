package dev.tenantlake.ingest.bronze;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Glue type of a column that has files of two types: one that a query engine reads both as. */
final class GlueTypeMerge {

    /** Each is read as any that follows it. */
    private static final List<List<String>> WIDENING =
            List.of(List.of("smallint", "int", "bigint"), List.of("float", "double"));

    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(\\d+)\\)");

    private GlueTypeMerge() {}

    /** The type that files of both are read as; empty if there is none. */
    static Optional<String> of(String one, String other) {
        if (one.equals(other)) {
            return Optional.of(one);
        }
        for (List<String> chain : WIDENING) {
            if (chain.contains(one) && chain.contains(other)) {
                return Optional.of(chain.get(Math.max(chain.indexOf(one), chain.indexOf(other))));
            }
        }
        Matcher first = DECIMAL.matcher(one);
        Matcher second = DECIMAL.matcher(other);
        // Of one scale: another one would have values rounded.
        if (first.matches() && second.matches() && first.group(2).equals(second.group(2))) {
            return Optional.of(Integer.parseInt(first.group(1)) > Integer.parseInt(second.group(1)) ? one : other);
        }
        return Optional.empty();
    }
}
