package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.athena.ResultColumn;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricChart;
import dev.tenantlake.query.metric.MetricParameter;
import dev.tenantlake.query.metric.Subject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A report as one page of HTML that needs nothing else: no network, no server. Its content security policy lets the two
 * scripts run that it was made with and nothing load, so whatever a name in the data holds stays text.
 */
public final class ReportPage {

    /** A table that is longer is shown when it is asked for. */
    private static final int LONGEST_OPEN_TABLE = 12;

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final LakeReport report;
    private final StringBuilder html = new StringBuilder();
    private final List<ChartData> charts = new ArrayList<>();

    private ReportPage(LakeReport report) {
        this.report = requireNonNull(report, "report");
    }

    /** The page of a report. */
    public static String of(LakeReport report) {
        ReportPage page = new ReportPage(report);
        page.write();
        return page.html.toString();
    }

    private void write() {
        String echarts = PageScripts.echarts();
        String drawing = PageScripts.drawing();
        html.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src %s %s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light">
                <title>%s: Tenantlake report</title>
                <style>
                %s</style>
                </head>
                <body>
                """.formatted(
                        PageScripts.hash(echarts), PageScripts.hash(drawing), escaped(whose()), PageScripts.style()));
        head();
        contents();
        html.append("<main>\n");
        for (Subject subject : Subject.values()) {
            subject(subject);
        }
        html.append("</main>\n");
        html.append("<script type=\"application/json\" id=\"charts\">")
                .append(json(charts))
                .append("</script>\n");
        html.append("<script>").append(echarts).append("</script>\n");
        html.append("<script>").append(drawing).append("</script>\n");
        html.append("</body>\n</html>\n");
    }

    private void head() {
        html.append("<header>\n<h1>").append(escaped(whose())).append("</h1>\n<dl>\n");
        Optional<ReportTenant> one =
                report.tenants().size() == 1 ? Optional.of(report.tenants().get(0)) : Optional.empty();
        one.ifPresent(tenant -> {
            fact("Tenant", tenant.slug());
            fact("Currency", tenant.currency() + "; amounts of another are shown by themselves");
            fact("Time zone", tenant.timeZone() + "; days and months are those of this clock");
        });
        fact("Asked as", report.asking().toString());
        fact("Made", one.map(tenant -> minute(tenant.clock()) + ", ").orElse("") + minute(ZoneOffset.UTC));
        for (LayerPosition position : report.positions()) {
            fact(
                    Words.title(position.layer().database()),
                    "holds what was committed until " + second(position.sourceCommittedAt()) + " (epoch "
                            + position.epoch() + ")");
        }
        if (!report.given().isEmpty()) {
            fact(
                    "Parameters",
                    report.given().entrySet().stream()
                            .map(value -> value.getKey() + " = " + value.getValue())
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        html.append("</dl>\n");
        if (report.tenants().size() > 1) {
            html.append(
                    "<div class=\"scroll\" role=\"region\" aria-label=\"Tenants\" tabindex=\"0\"><table>\n<thead><tr>"
                            + "<th scope=\"col\">tenant</th><th scope=\"col\">name</th><th scope=\"col\">currency</th>"
                            + "<th scope=\"col\">time zone, whose days and months are the tenant's</th></tr></thead>\n<tbody>\n");
            report.tenants()
                    .forEach(tenant -> html.append("<tr><td>")
                            .append(escaped(tenant.slug()))
                            .append("</td><td>")
                            .append(escaped(tenant.name()))
                            .append("</td><td>")
                            .append(escaped(tenant.currency()))
                            .append("</td><td>")
                            .append(escaped(tenant.timeZone()))
                            .append("</td></tr>\n"));
            html.append("</tbody></table></div>\n");
        }
        html.append("<noscript><p>The charts are drawn by the page's own script, which this reader does not run. Every"
                + " figure is in the tables.</p></noscript>\n</header>\n");
    }

    private void fact(String name, String value) {
        html.append("<div><dt>")
                .append(escaped(name))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd></div>\n");
    }

    private void contents() {
        html.append("<nav aria-label=\"Metrics\">\n");
        for (Subject subject : Subject.values()) {
            List<Metric> metrics =
                    answers(subject).stream().map(MetricAnswer::metric).toList();
            if (!metrics.isEmpty()) {
                html.append("<p><b>").append(Words.title(subject.toString())).append("</b> ");
                html.append(metrics.stream()
                        .map(metric ->
                                "<a href=\"#" + metric.name() + "\">" + escaped(Words.title(metric.name())) + "</a>")
                        .collect(Collectors.joining(" ")));
                html.append("</p>\n");
            }
        }
        html.append("</nav>\n");
    }

    private void subject(Subject subject) {
        List<MetricAnswer> answers = answers(subject);
        if (!answers.isEmpty()) {
            html.append("<h2>").append(Words.title(subject.toString())).append("</h2>\n");
            answers.forEach(this::metric);
        }
    }

    private List<MetricAnswer> answers(Subject subject) {
        return report.answers().stream()
                .filter(answer -> answer.metric().subject() == subject)
                .toList();
    }

    private void metric(MetricAnswer answer) {
        Metric metric = answer.metric();
        html.append("<section id=\"").append(metric.name()).append("\">\n<div class=\"lead\">\n<h3>");
        html.append(escaped(Words.title(metric.name()))).append("</h3>\n<p>");
        html.append(escaped(metric.answers())).append("</p>\n");
        String asked = asked(answer);
        if (!asked.isEmpty()) {
            html.append("<p class=\"asked\">").append(escaped(asked)).append("</p>\n");
        }
        html.append("</div>\n");
        charts(answer);
        notes(metric);
        table(answer);
        html.append("</section>\n");
    }

    /** The parameters that shape the figures; a time without a limit is not worth a word. */
    private static String asked(MetricAnswer answer) {
        return answer.metric().parameters().stream()
                .filter(parameter -> answer.values().containsKey(parameter.name())
                        || !parameter.type().toString().equals("date"))
                .map(parameter -> parameter.name() + ": " + value(answer, parameter))
                .collect(Collectors.joining("; "));
    }

    private static String value(MetricAnswer answer, MetricParameter parameter) {
        return answer.value(parameter.name()).map(Words::of).orElse("");
    }

    private void charts(MetricAnswer answer) {
        List<Panel> panels = Panel.of(answer);
        if (panels.isEmpty()) {
            html.append("<p class=\"nothing\">There is nothing to show.</p>\n");
            return;
        }
        boolean isOne = report.tenants().size() == 1;
        html.append("<div class=\"panels ")
                .append(panels.size() > 2 ? "many" : "few")
                .append("\">\n");
        for (Panel panel : panels) {
            String name = (isOne ? "" : panel.tenant())
                    + panel.currency()
                            .filter(currency -> panels.size() > 1)
                            .map(currency -> (isOne ? "" : ", ") + currency)
                            .orElse("");
            for (MetricChart chart : answer.metric().charts()) {
                ChartData.of(answer, chart, panel).ifPresent(data -> figure(answer.metric(), name, data));
            }
        }
        html.append("</div>\n");
    }

    private void figure(Metric metric, String name, ChartData data) {
        html.append("<figure>\n<figcaption>");
        if (!name.isEmpty()) {
            html.append("<b>").append(escaped(name)).append("</b> ");
        }
        html.append(escaped(Words.title(data.title())));
        if (!data.unit().isEmpty() && !data.title().endsWith(data.unit())) {
            html.append(", in ").append(escaped(data.unit()));
        }
        if (data.leftOut() > 0) {
            html.append("; the first ")
                    .append(data.labels().size())
                    .append(" of ")
                    .append(data.labels().size() + data.leftOut());
        }
        if (data.hasUnfinished()) {
            html.append("; ").append(ChartData.UNFINISHED).append(" is not over yet");
        }
        html.append("</figcaption>\n<div class=\"chart\" role=\"img\" data-chart=\"")
                .append(charts.size())
                .append("\" aria-label=\"")
                .append(escaped(
                        Words.title(metric.name()) + (name.isEmpty() ? "" : ", " + name) + ". " + data.description()))
                .append("\"></div>\n</figure>\n");
        charts.add(data);
    }

    private void notes(Metric metric) {
        html.append("<details><summary>How it is counted</summary>\n<ul>\n");
        metric.notes().forEach(note -> html.append("<li>").append(escaped(note)).append("</li>\n"));
        html.append("</ul>\n<p>From ")
                .append(escaped(String.join(", ", metric.tables())))
                .append(".</p>\n</details>\n");
    }

    private void table(MetricAnswer answer) {
        int size = answer.rows().size();
        if (size == 0) {
            return;
        }
        // Who is the only one need not be named in every row.
        List<Integer> shown = IntStream.range(0, answer.columns().size())
                .filter(i -> report.tenants().size() != 1
                        || !answer.columns().get(i).name().equals("tenant"))
                .boxed()
                .toList();
        html.append("<details class=\"figures\"")
                .append(size <= LONGEST_OPEN_TABLE ? " open" : "")
                .append("><summary>The figures: ");
        if (answer.isCut()) {
            html.append("the first ");
        }
        html.append(Figures.count(size)).append(size == 1 ? " row" : " rows");
        if (answer.isCut()) {
            html.append("; all of them: ./tenantlake query ")
                    .append(answer.metric().name())
                    .append(" --as ")
                    .append(report.asking());
        }
        html.append("</summary>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
                .append(escaped(Words.title(answer.metric().name())))
                .append(", the figures\"><table>\n<thead><tr>");
        for (int column : shown) {
            ResultColumn head = answer.columns().get(column);
            html.append(head.isNumber() ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(escaped(Words.of(head.name())))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : answer.rows()) {
            html.append("<tr>");
            for (int column : shown) {
                cell(answer.columns().get(column), row.get(column));
            }
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n</details>\n");
    }

    private void cell(ResultColumn column, String value) {
        html.append(column.isNumber() ? "<td class=\"n\">" : column.isDate() ? "<td class=\"d\">" : "<td>");
        html.append(value == null ? "–" : escaped(Figures.shown(column, value))).append("</td>");
    }

    private String whose() {
        if (report.tenants().size() == 1) {
            return report.tenants().get(0).name();
        }
        return report.asking() instanceof Principal.Analyst analyst
                ? analyst.slug()
                : "All tenants (" + report.tenants().size() + ")";
    }

    private String minute(ZoneId zone) {
        return MINUTE.format(report.madeAt().atZone(zone)) + " " + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
    }

    private static String second(Instant instant) {
        return SECOND.format(instant.atZone(ZoneOffset.UTC)) + " UTC";
    }

    /** JSON that ends no script, whatever its texts hold. */
    private static String json(Object value) {
        try {
            return LakeJson.mapper()
                    .writeValueAsString(value)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Text for an element or a quoted attribute; what HTML has no place for becomes the sign for that. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\t', '\n' -> escaped.append(character);
                default -> escaped.append(Character.isISOControl(character) ? '\uFFFD' : character);
            }
        }
        return escaped.toString();
    }
}
