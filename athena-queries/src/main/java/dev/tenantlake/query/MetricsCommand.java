package dev.tenantlake.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.metric.MetricParameter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the metrics, and shows one of them. */
@Command(
        name = "metrics",
        usageHelpWidth = 110,
        description = "List the metrics, or show one of them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  athena-queries metrics",
            "  athena-queries metrics --output json",
            "  athena-queries metrics show revenue_growth"
        })
final class MetricsCommand implements Callable<Integer> {

    /** How a list or a description is printed. */
    enum Form {
        TEXT,
        JSON
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How they are printed: ${COMPLETION-CANDIDATES} (default: text).")
    private Form output;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Metric> metrics = MetricCatalog.load().all();
        if (output == Form.JSON) {
            out.println(LakeJson.pretty(metrics.stream().map(Description::of).toList()));
        } else {
            int width = metrics.stream()
                    .mapToInt(metric -> metric.name().length())
                    .max()
                    .orElse(0);
            for (Metric metric : metrics) {
                out.println(metric.name() + " ".repeat(width - metric.name().length()) + "  " + metric.answers());
            }
        }
        out.flush();
        return 0;
    }

    @Command(
            name = "show",
            usageHelpWidth = 110,
            description = "Show what a metric answers, its parameters and its SQL.")
    int show(
            @Parameters(paramLabel = "METRIC", description = "The metric's name.") String name,
            @Option(
                            names = "--output",
                            paramLabel = "FORMAT",
                            defaultValue = "text",
                            description = "How it is printed: ${COMPLETION-CANDIDATES} (default: text).")
                    Form form) {
        PrintWriter out = spec.commandLine().getOut();
        Metric metric = MetricCatalog.load().named(name);
        if (form == Form.JSON) {
            out.println(LakeJson.pretty(Definition.of(metric)));
        } else {
            print(metric, out);
        }
        out.flush();
        return 0;
    }

    private static void print(Metric metric, PrintWriter out) {
        out.println(metric.name() + ": " + metric.answers());
        out.println();
        out.println("One row for each:  " + String.join(", ", metric.grain()));
        out.println("Reads:             " + String.join(", ", metric.tables()));
        if (!metric.parameters().isEmpty()) {
            out.println();
            out.println("Parameters:");
        }
        for (MetricParameter parameter : metric.parameters()) {
            out.println("  " + parameter.name() + " "
                    + parameter.type()
                    + parameter
                            .defaultValue()
                            .map(value -> ", " + value + " unless given")
                            .orElse(", has to be given"));
            out.println("      " + parameter.meaning());
        }
        if (!metric.notes().isEmpty()) {
            out.println();
            out.println("To read it rightly:");
        }
        metric.notes().forEach(note -> out.println("  - " + note));
        out.println();
        out.println(metric.sql());
    }

    /** A metric as it is printed as JSON. */
    private record Description(
            String name,
            String answers,
            List<String> grain,
            List<String> tables,
            List<ParameterDescription> parameters,
            List<String> notes) {

        static Description of(Metric metric) {
            return new Description(
                    metric.name(),
                    metric.answers(),
                    metric.grain(),
                    metric.tables(),
                    metric.parameters().stream().map(ParameterDescription::of).toList(),
                    metric.notes());
        }
    }

    /**
     * A metric as it is printed as JSON, with its SQL.
     *
     * @param bindings the names of the parameters that the question marks stand for
     * @param defaults what Athena is given for the question marks if nothing else is asked for, as SQL literals; empty if
     *     a parameter has to be given
     */
    private record Definition(
            @JsonUnwrapped Description description,
            String sql,
            List<String> bindings,
            Optional<List<String>> defaults) {

        static Definition of(Metric metric) {
            boolean complete = metric.parameters().stream()
                    .allMatch(parameter -> parameter.defaultValue().isPresent());
            return new Definition(
                    Description.of(metric),
                    metric.sql(),
                    metric.bindings(),
                    complete ? Optional.of(metric.statement(Map.of()).parameters()) : Optional.empty());
        }
    }

    private record ParameterDescription(
            String name,
            String type,
            @JsonProperty("default") Optional<String> defaultValue,
            String meaning) {

        static ParameterDescription of(MetricParameter parameter) {
            return new ParameterDescription(
                    parameter.name(), parameter.type().toString(), parameter.defaultValue(), parameter.meaning());
        }
    }
}
