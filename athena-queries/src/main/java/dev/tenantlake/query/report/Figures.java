package dev.tenantlake.query.report;

import dev.tenantlake.query.athena.ResultColumn;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Optional;

/** Values of a result as a reader has them. */
final class Figures {

    private Figures() {}

    /** The number that a text is, or empty if it is none, as NaN is. */
    static Optional<BigDecimal> number(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A number with every digit that it has, and a comma between thousands. */
    static String grouped(BigDecimal number) {
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(0, number.scale()));
        return format.format(number);
    }

    /** A count with a comma between thousands. */
    static String count(long count) {
        return grouped(BigDecimal.valueOf(count));
    }

    /** A value of a column that is not null. */
    static String shown(ResultColumn column, String value) {
        if (column.type().equals("boolean")) {
            return Boolean.parseBoolean(value) ? "yes" : "no";
        }
        if (column.isNumber() && !column.name().endsWith("_id")) {
            return number(value).map(Figures::grouped).orElse(value);
        }
        return value;
    }
}
