package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;

/**
 * What a row comes to: a number, and what it is to be if that was said beforehand.
 *
 * @param name what it is, empty if the row has no other
 * @param value the number
 * @param unit of it, empty for a ratio
 * @param lowest of the rounds, if it is the median of several
 * @param highest of the rounds, if it is the median of several
 * @param aim what it is to be
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Figure(
        String name, double value, String unit, Optional<Double> lowest, Optional<Double> highest, Optional<Aim> aim) {

    private static final double THOUSANDS = 10_000;

    public Figure {
        requireNonNull(name, "name");
        requireNonNull(unit, "unit");
        requireNonNull(lowest, "lowest");
        requireNonNull(highest, "highest");
        requireNonNull(aim, "aim");
    }

    /** The median of some rounds. */
    public static Figure ofRounds(String name, Series series, Optional<Aim> aim) {
        return new Figure(
                name, series.median(), series.unit(), Optional.of(series.lowest()), Optional.of(series.highest()), aim);
    }

    /** A single number. */
    public static Figure of(String name, double value, String unit, Optional<Aim> aim) {
        return new Figure(name, value, unit, Optional.empty(), Optional.empty(), aim);
    }

    /** The number with its unit and its spread. */
    public String text() {
        StringBuilder text = new StringBuilder(name.isEmpty() ? "" : name + " ").append(text(value));
        if (!unit.isEmpty()) {
            text.append(' ').append(unit);
        }
        if (lowest.isPresent() && highest.isPresent() && !lowest.get().equals(highest.get())) {
            text.append(" (")
                    .append(text(lowest.get()))
                    .append(" to ")
                    .append(text(highest.get()))
                    .append(')');
        }
        return text.toString();
    }

    /** A number with as many digits as mean something. */
    static String text(double value) {
        double size = Math.abs(value);
        if (size >= THOUSANDS) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", value);
    }
}
