package dev.tenantlake.query.athena;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * A column of a result.
 *
 * @param name its label
 * @param type its type in Athena's terms, without precision: {@code bigint}, {@code decimal}, {@code varchar} …
 */
public record ResultColumn(String name, String type) {

    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "integer", "int", "bigint", "real", "float", "double", "decimal");

    public ResultColumn {
        requireNonNull(name, "name");
        int precision = type.indexOf('(');
        type = precision < 0 ? type : type.substring(0, precision);
    }

    /** Whether its values are days. */
    public boolean isDate() {
        return type.equals("date");
    }

    /** Whether its values are numbers. */
    public boolean isNumber() {
        return NUMBERS.contains(type);
    }
}
