package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.metric.MetricChart;
import dev.tenantlake.query.metric.MetricChart.Kind;
import dev.tenantlake.query.metric.MetricChart.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one chart draws, as the page's script reads it.
 *
 * @param kind what it looks like
 * @param title what is drawn
 * @param unit what the values are of, or empty
 * @param labels what stands along the axis
 * @param series the values at these labels, null where there is none
 * @param leftOut how many things are in the table and not in the chart
 * @param hasUnfinished whether a label is marked as that of a period that is not over
 */
record ChartData(
        Kind kind,
        String title,
        String unit,
        List<String> labels,
        List<Series> series,
        int leftOut,
        boolean hasUnfinished) {

    /** What follows the label of a period that is not over. */
    static final String UNFINISHED = "*";

    private static final int LONGEST_RANK = 12;
    private static final String NOTHING = "(none)";

    /** A row of values, one for each label. */
    record Series(String name, List<BigDecimal> values) {
        Series {
            requireNonNull(name, "name");
        }
    }

    ChartData {
        requireNonNull(kind, "kind");
        requireNonNull(title, "title");
        requireNonNull(unit, "unit");
        labels = List.copyOf(labels);
        series = List.copyOf(series);
    }

    /** The chart of a panel, or empty if there is no value to draw. */
    static Optional<ChartData> of(MetricAnswer answer, MetricChart chart, Panel panel) {
        ChartData data = new Reading(answer, chart, panel).read();
        boolean hasValue =
                data.series.stream().flatMap(each -> each.values().stream()).anyMatch(Objects::nonNull);
        return hasValue ? Optional.of(data) : Optional.empty();
    }

    /** What one sees, in words. */
    String description() {
        StringBuilder text = new StringBuilder(shape()).append(": ").append(title);
        if (!unit.isEmpty()) {
            text.append(", in ").append(unit);
        }
        text.append(". ");
        if (kind == Kind.LINE || kind == Kind.BARS || kind == Kind.STACK) {
            text.append("From ")
                    .append(labels.get(0))
                    .append(" to ")
                    .append(labels.get(labels.size() - 1))
                    .append(". ");
        }
        if (kind != Kind.HEATMAP && series.size() <= 2) {
            series.forEach(each -> extremes(text, each));
        } else {
            text.append("Series: ")
                    .append(series.stream().map(Series::name).collect(Collectors.joining(", ")))
                    .append(". ");
        }
        return text.append("The figures are in the table below.").toString();
    }

    private void extremes(StringBuilder text, Series each) {
        int highest = -1;
        int lowest = -1;
        for (int i = 0; i < labels.size(); i++) {
            BigDecimal value = each.values().get(i);
            if (value == null) {
                continue;
            }
            highest = highest < 0 || value.compareTo(each.values().get(highest)) > 0 ? i : highest;
            lowest = lowest < 0 || value.compareTo(each.values().get(lowest)) < 0 ? i : lowest;
        }
        if (highest < 0) {
            return;
        }
        text.append(series.size() > 1 ? each.name() + ": highest " : "Highest: ")
                .append(point(each, highest));
        if (lowest != highest) {
            text.append(", lowest ").append(point(each, lowest));
        }
        text.append(". ");
    }

    private String point(Series each, int index) {
        return Figures.grouped(each.values().get(index)) + " (" + labels.get(index) + ")";
    }

    private String shape() {
        return switch (kind) {
            case LINE -> "Line chart";
            case BARS -> "Bar chart";
            case STACK -> "Stacked bar chart";
            case RANK -> "Ranking";
            case FUNNEL -> "Funnel";
            case HEATMAP -> "Heat map";
        };
    }

    /** Takes the values of a chart from the rows of a panel. */
    private static final class Reading {

        private final MetricAnswer answer;
        private final MetricChart chart;
        private final List<List<String>> rows;
        private final Panel panel;
        private final OptionalInt complete;

        Reading(MetricAnswer answer, MetricChart chart, Panel panel) {
            this.answer = answer;
            this.chart = chart;
            this.panel = panel;
            this.rows = chart.kind() == Kind.RANK
                    ? panel.rows()
                            .subList(0, Math.min(LONGEST_RANK, panel.rows().size()))
                    : panel.rows();
            this.complete = chart.kind() == Kind.HEATMAP ? OptionalInt.empty() : answer.index("is_complete");
        }

        ChartData read() {
            List<String> labels;
            List<Series> series;
            if (chart.kind() == Kind.FUNNEL) {
                labels = names();
                series = List.of(new Series(
                        unit(), chart.measures().stream().map(this::sum).toList()));
            } else if (chart.per().isPresent() || isPeriod()) {
                Map<String, String> axis = axis();
                labels = List.copyOf(axis.values());
                series = chart.per().isPresent() ? split(axis) : columns(axis);
            } else {
                labels = rows.stream().map(this::label).toList();
                series = chart.measures().stream()
                        .map(measure -> new Series(Words.of(measure.column()), values(measure)))
                        .toList();
            }
            return new ChartData(
                    chart.kind(),
                    String.join(", ", names())
                            + chart.per()
                                    .map(column -> " per " + Words.of(column) + across())
                                    .orElse(""),
                    unit(),
                    labels,
                    series,
                    panel.rows().size() - rows.size(),
                    labels.stream().anyMatch(label -> complete.isPresent() && label.endsWith(UNFINISHED)));
        }

        /** A heat map's cells are of two things, and only time speaks for itself. */
        private String across() {
            return chart.kind() == Kind.HEATMAP ? " and " + Words.of(chart.by().orElseThrow()) : "";
        }

        private boolean isPeriod() {
            return chart.kind() == Kind.LINE || chart.kind() == Kind.BARS || chart.kind() == Kind.STACK;
        }

        private List<String> names() {
            return chart.measures().stream()
                    .map(measure -> Words.of(measure.column()))
                    .toList();
        }

        private String unit() {
            return chart.unit()
                    .map(unit -> unit.equals("currency") ? panel.currency().orElse("") : unit)
                    .orElse("");
        }

        /** By the values along the axis, each once, their labels. */
        private Map<String, String> axis() {
            Map<String, String> axis = new LinkedHashMap<>();
            // A result that is split may name a period first in a later series.
            rows.stream()
                    .sorted((left, right) -> isPeriod() ? key(left).compareTo(key(right)) : 0)
                    .forEach(row -> axis.putIfAbsent(key(row), label(row)));
            return axis;
        }

        private String key(List<String> row) {
            return text(row, chart.by().orElseThrow());
        }

        private String label(List<String> row) {
            String label = Periods.label(answer, chart.by().orElseThrow(), key(row));
            return complete.isPresent() && "false".equals(row.get(complete.getAsInt())) ? label + UNFINISHED : label;
        }

        private List<Series> columns(Map<String, String> axis) {
            return chart.measures().stream()
                    .map(measure -> new Series(Words.of(measure.column()), along(axis, rows, measure)))
                    .toList();
        }

        private List<Series> split(Map<String, String> axis) {
            String per = chart.per().orElseThrow();
            // By name, so that one and the same has one colour in the charts of all tenants.
            SortedSet<String> names =
                    rows.stream().map(row -> text(row, per)).collect(Collectors.toCollection(TreeSet::new));
            return names.stream()
                    .map(name -> new Series(
                            Periods.label(answer, per, name),
                            along(
                                    axis,
                                    rows.stream()
                                            .filter(row -> text(row, per).equals(name))
                                            .toList(),
                                    chart.measures().get(0))))
                    .toList();
        }

        private List<BigDecimal> along(Map<String, String> axis, List<List<String>> some, Measure measure) {
            Map<String, BigDecimal> values = new LinkedHashMap<>();
            for (List<String> row : some) {
                values.put(key(row), value(row, measure));
            }
            List<BigDecimal> along = new ArrayList<>();
            axis.keySet().forEach(key -> along.add(values.get(key)));
            return along;
        }

        private List<BigDecimal> values(Measure measure) {
            List<BigDecimal> values = new ArrayList<>();
            rows.forEach(row -> values.add(value(row, measure)));
            return values;
        }

        private BigDecimal sum(Measure measure) {
            return rows.stream()
                    .map(row -> value(row, measure))
                    .filter(Objects::nonNull)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        private BigDecimal value(List<String> row, Measure measure) {
            return Figures.number(row.get(answer.index(measure.column()).orElseThrow()))
                    .map(value -> measure.isLoss() ? value.negate() : value)
                    .orElse(null);
        }

        private String text(List<String> row, String column) {
            String text = row.get(answer.index(column).orElseThrow());
            return text == null ? NOTHING : text;
        }
    }
}
