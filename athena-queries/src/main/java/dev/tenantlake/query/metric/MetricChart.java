package dev.tenantlake.query.metric;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a metric's figures are drawn: for each tenant and currency of a result by itself, since neither is compared with
 * another.
 *
 * @param kind what it looks like
 * @param measures the columns whose values are drawn
 * @param unit what the values are of: a column of the result that says it, or words; empty for plain numbers
 * @param by the column whose values stand along the axis; empty in a funnel, whose steps are its measures
 * @param per the column that the one measure is split by: a series for each of its values
 */
public record MetricChart(
        Kind kind, List<Measure> measures, Optional<String> unit, Optional<String> by, Optional<String> per) {

    private static final String COLUMN = "[a-z][a-z0-9_]*";
    private static final Pattern FORM = Pattern.compile("([a-z]+) of (-?" + COLUMN + "(?:, -?" + COLUMN + ")*)"
            + "(?: in ([a-z]+(?: [a-z]+)*?))?(?: by (" + COLUMN + "))?(?: per (" + COLUMN + "))?");

    /** What a chart looks like. */
    public enum Kind {
        /** Lines over periods. */
        LINE,
        /** Bars side by side over periods. */
        BARS,
        /** Bars on top of each other over periods: parts of a whole. */
        STACK,
        /** Bars that lie, one for each thing, in the order of the result. */
        RANK,
        /** The sums of several columns over all rows, one below the other: each is a part of the one before. */
        FUNNEL,
        /** Colours in a grid. */
        HEATMAP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A column that is drawn.
     *
     * @param column its name
     * @param isLoss whether its values are taken away, and so are drawn below zero
     */
    public record Measure(String column, boolean isLoss) {
        public Measure {
            requireNonNull(column, "column");
        }

        @Override
        public String toString() {
            return (isLoss ? "-" : "") + column;
        }
    }

    public MetricChart {
        requireNonNull(kind, "kind");
        measures = List.copyOf(measures);
        requireNonNull(unit, "unit");
        requireNonNull(by, "by");
        requireNonNull(per, "per");
    }

    /**
     * Reads {@code KIND of COLUMN, -COLUMN in UNIT by COLUMN per COLUMN}, of which the last three may be missing.
     *
     * @throws IllegalArgumentException if it is not of that form, or the parts do not go together
     */
    static MetricChart parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected KIND of COLUMN, COLUMN in UNIT by COLUMN per COLUMN");
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(known -> known.toString().equals(parts.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + parts.group(1) + "' is no kind: expected one of "
                        + Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", "))));
        MetricChart chart = new MetricChart(
                kind,
                Arrays.stream(parts.group(2).split(", "))
                        .map(name -> new Measure(name.startsWith("-") ? name.substring(1) : name, name.startsWith("-")))
                        .toList(),
                Optional.ofNullable(parts.group(3)),
                Optional.ofNullable(parts.group(4)),
                Optional.ofNullable(parts.group(5)));
        chart.requireSound();
        return chart;
    }

    private void requireSound() {
        if (by.isPresent() == (kind == Kind.FUNNEL)) {
            throw new IllegalArgumentException(
                    kind == Kind.FUNNEL ? "a funnel has no axis: expected no by" : "expected by and a column");
        }
        if (per.isEmpty() && kind == Kind.HEATMAP) {
            throw new IllegalArgumentException("a heatmap has two axes: expected per and a column");
        }
        if (per.isPresent() && (kind == Kind.FUNNEL || kind == Kind.RANK)) {
            throw new IllegalArgumentException("a " + kind + " cannot be split: expected no per");
        }
        if (per.isPresent() && measures.size() > 1) {
            throw new IllegalArgumentException("only one column can be split: expected one, or no per");
        }
    }

    /** The columns of the result that it draws. */
    List<String> columns() {
        List<String> columns =
                new ArrayList<>(measures.stream().map(Measure::column).toList());
        by.ifPresent(columns::add);
        per.ifPresent(columns::add);
        return columns;
    }

    @Override
    public String toString() {
        return kind + " of " + measures.stream().map(Measure::toString).collect(Collectors.joining(", "))
                + unit.map(words -> " in " + words).orElse("")
                + by.map(column -> " by " + column).orElse("")
                + per.map(column -> " per " + column).orElse("");
    }
}
