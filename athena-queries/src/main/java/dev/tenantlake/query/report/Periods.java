package dev.tenantlake.query.report;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** The first days of periods as a reader has them: {@code Nov 2026} for a month. */
final class Periods {

    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter QUARTER = DateTimeFormatter.ofPattern("'Q'q uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("uuuu", Locale.ENGLISH);

    private Periods() {}

    /** A value of a column; what is no first day of a period stays as it is. */
    static String label(MetricAnswer answer, String column, String value) {
        Optional<DateTimeFormatter> format = format(answer, column);
        if (format.isEmpty()) {
            return value;
        }
        try {
            return LocalDate.parse(value).format(format.get());
        } catch (DateTimeParseException e) {
            return value;
        }
    }

    private static Optional<DateTimeFormatter> format(MetricAnswer answer, String column) {
        if (column.equals("month") || column.endsWith("_month")) {
            return Optional.of(MONTH);
        }
        if (!column.equals("period_start")) {
            return Optional.empty();
        }
        return switch (answer.value("period").orElse("")) {
            case "month" -> Optional.of(MONTH);
            case "quarter" -> Optional.of(QUARTER);
            case "year" -> Optional.of(YEAR);
            default -> Optional.empty();
        };
    }
}
