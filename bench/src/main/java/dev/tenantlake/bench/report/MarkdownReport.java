package dev.tenantlake.bench.report;

import dev.tenantlake.bench.machine.Machine;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a report for people: the rows in one table first, and then what is behind each. */
public final class MarkdownReport {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final List<String> SUMMARY = List.of("row", "measured", "against", "result", "aim", "");

    private final List<String> lines = new ArrayList<>();

    private MarkdownReport() {}

    /** The report as Markdown. */
    public static String of(BenchReport report) {
        MarkdownReport markdown = new MarkdownReport();
        markdown.head(report);
        markdown.machine(report.machine());
        report.rows().forEach(markdown::row);
        return String.join("\n", markdown.lines) + "\n";
    }

    private void head(BenchReport report) {
        say("# Benchmarks");
        say("");
        say("Written by `./tenantlake bench`; do not edit. The lake's side of every row is the product itself, run as"
                + " processes as `./tenantlake up` runs them. What a row is held against is measured in the same run, on"
                + " the same data and machine, right before or after. A figure is the median of its rounds, with the"
                + " lowest and the highest in brackets.");
        say("");
        if (report.rows().stream().anyMatch(row -> row.conditions().quick())) {
            say("**Some rows were measured with `--quick`: on little data and in few rounds. They show that the bench"
                    + " works, and nothing else.**");
            say("");
        }
        table(SUMMARY, report.rows().stream().flatMap(MarkdownReport::lines).toList());
    }

    /** The rows in one table, a line for each figure. */
    public static String summary(List<RowResult> rows) {
        MarkdownReport markdown = new MarkdownReport();
        markdown.table(SUMMARY, rows.stream().flatMap(MarkdownReport::lines).toList());
        return String.join("\n", markdown.lines);
    }

    private static Stream<List<String>> lines(RowResult row) {
        return row.figures().stream()
                .map(figure -> List.of(
                        "[" + row.name() + "](#" + row.name() + ")"
                                + (row.conditions().quick() ? " (quick)" : ""),
                        row.title(),
                        row.against(),
                        figure.text(),
                        figure.aim().map(Aim::text).orElse("stated"),
                        figure.aim().map(aim -> aim.verdict(figure.value())).orElse("")));
    }

    private void machine(Machine machine) {
        say("## The machine");
        say("");
        table(
                List.of("", ""),
                machine.lines().entrySet().stream()
                        .map(line -> List.of(line.getKey(), line.getValue()))
                        .toList());
    }

    private void row(RowResult row) {
        say("## " + row.name());
        say("");
        say(row.title() + ", against " + row.against() + ".");
        say("");
        row.how().forEach(line -> say("- " + line));
        if (!row.how().isEmpty()) {
            say("");
        }
        if (!row.series().isEmpty()) {
            int rounds = row.series().stream()
                    .mapToInt(series -> series.values().size())
                    .max()
                    .orElseThrow();
            List<String> columns = new ArrayList<>(List.of("", "median"));
            for (int i = 1; i <= rounds; i++) {
                columns.add("round " + i);
            }
            table(
                    columns,
                    row.series().stream().map(series -> rounds(series, rounds)).toList());
        }
        for (Table table : row.tables()) {
            if (!table.title().isEmpty()) {
                say(table.title() + ":");
                say("");
            }
            table(table.columns(), table.rows());
        }
        for (Figure figure : row.figures()) {
            figure.aim().filter(aim -> !aim.isMetBy(figure.value())).ifPresent(aim -> {
                say("The aim of " + aim.text() + " is " + aim.verdict(figure.value()) + ": " + figure.text() + ".");
                say("");
            });
        }
        if (!row.bounds().isEmpty()) {
            say("What the processors did meanwhile, by the operating system's account of processes and threads:");
            say("");
            row.bounds().forEach(line -> say("- " + line));
            say("");
        }
        Conditions conditions = row.conditions();
        say("Measured " + MINUTE.format(conditions.measuredAt()) + " at commit `" + conditions.commit() + "`"
                + (conditions.loadAverage() < 0
                        ? ""
                        : String.format(Locale.ROOT, ", load average %.2f before", conditions.loadAverage()))
                + (conditions.quick() ? ", with `--quick`" : "") + ".");
        say("");
    }

    private static List<String> rounds(Series series, int rounds) {
        List<String> cells = new ArrayList<>();
        cells.add(series.name() + (series.unit().isEmpty() ? "" : ", " + series.unit()));
        cells.add(Figure.text(series.median()));
        for (int i = 0; i < rounds; i++) {
            cells.add(i < series.values().size() ? Figure.text(series.values().get(i)) : "");
        }
        return cells;
    }

    private void table(List<String> columns, List<List<String>> rows) {
        say(line(columns));
        say(line(columns.stream().map(column -> "---").toList()));
        rows.forEach(row -> say(line(row)));
        say("");
    }

    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private void say(String line) {
        lines.add(line);
    }
}
