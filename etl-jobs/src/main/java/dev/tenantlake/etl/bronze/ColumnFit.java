package dev.tenantlake.etl.bronze;

import dev.tenantlake.model.ColumnType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the lake's type of a column holds what a bronze file has in it. */
enum ColumnFit {
    /** Every value of the file's type. */
    ALWAYS,
    /** The source has a wider type now: those values that the lake's type has too, exactly. */
    IF_EXACT,
    /** The source had another kind of type for a while: its values can be read if each of them is one of the lake's. */
    IF_REPAIRED,
    /** No value can be read as what it is. */
    NEVER;

    private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(\\d+)\\)");
    private static final String TEXT = "string";

    /**
     * How a column of the lake takes values of a type.
     *
     * @param glueType the type in the file
     */
    static ColumnFit of(ColumnType lake, String glueType) {
        if (lake.glueType().equals(glueType)) {
            return ALWAYS;
        }
        return switch (lake) {
            case BIGINT, INTEGER, MONEY -> ofNumber(Digits.offered(lake), glueType);
            case TEXT, UUID, JSON, TEXT_ARRAY -> ofText(glueType);
            case BOOLEAN, INSTANT, DATE -> glueType.equals(TEXT) ? IF_REPAIRED : NEVER;
        };
    }

    private static ColumnFit ofNumber(Digits lake, String glueType) {
        Digits file = Digits.needed(glueType);
        if (file == null) {
            return glueType.equals(TEXT) ? IF_REPAIRED : NEVER;
        }
        return file.whole() <= lake.whole() && file.fraction() <= lake.fraction() ? ALWAYS : IF_EXACT;
    }

    private static ColumnFit ofText(String glueType) {
        boolean hasOneTextForm =
                Digits.needed(glueType) != null || glueType.equals("boolean") || glueType.equals("date");
        return hasOneTextForm ? ALWAYS : NEVER;
    }

    /**
     * An SQL condition that holds when a value is not one of the lake's type.
     *
     * @param column how the column is named in SQL
     * @param glueType its type in the file
     */
    static String inexact(String column, ColumnType lake, String glueType) {
        String there = "cast(" + column + " as " + lake.glueType() + ")";
        if (glueType.equals(TEXT) && Digits.needed(lake.glueType()) != null) {
            // As numbers, so that 1.5 is 1.50.
            return column + " is not null and (" + there + " is null or " + column
                    + " not rlike '^-?[0-9]{1,18}([.][0-9]{1,20})?$' or cast(" + there + " as decimal(38,20)) <> cast("
                    + column + " as decimal(38,20)))";
        }
        return column + " is not null and (" + there + " is null or cast(" + there + " as " + glueType + ") <> "
                + column + ")";
    }

    /** Decimal digits before the point and behind it. */
    private record Digits(int whole, int fraction) {

        /** What any value of a type can be written with, or null if the type is not one of exact numbers. */
        static Digits needed(String glueType) {
            return switch (glueType) {
                case "smallint" -> new Digits(5, 0);
                case "int" -> new Digits(10, 0);
                case "bigint" -> new Digits(19, 0);
                default -> {
                    Matcher decimal = DECIMAL.matcher(glueType);
                    yield decimal.matches()
                            ? new Digits(
                                    Integer.parseInt(decimal.group(1)) - Integer.parseInt(decimal.group(2)),
                                    Integer.parseInt(decimal.group(2)))
                            : null;
                }
            };
        }

        /** With how many digits every number is one of a type's values. */
        static Digits offered(ColumnType lake) {
            return switch (lake) {
                case INTEGER -> new Digits(9, 0);
                case BIGINT -> new Digits(18, 0);
                default -> needed(lake.glueType());
            };
        }
    }
}
