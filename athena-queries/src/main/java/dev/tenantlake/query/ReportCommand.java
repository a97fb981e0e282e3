package dev.tenantlake.query;

import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.command.Environment;
import dev.tenantlake.query.command.Termination;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.report.LakeReport;
import dev.tenantlake.query.report.MetricAnswer;
import dev.tenantlake.query.report.MetricQuestions;
import dev.tenantlake.query.report.ReportPage;
import dev.tenantlake.query.report.ReportTenant;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Writes all metrics, with charts, as one page. */
@Command(
        name = "report",
        usageHelpWidth = 110,
        description = "Write all metrics, with charts and tables, as one HTML page that needs no network.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  athena-queries report --as analyst:acme-tools",
            "  athena-queries report --as analyst:acme-tools --param period=week --param from=2026-01-01",
            "  athena-queries report --output all-tenants.html",
            "",
            "The page's path goes to standard output. A metric that has no such parameter, or does not take the value, is",
            "asked with its default; the page says what each was asked with."
        })
final class ReportCommand implements Callable<Integer> {

    /** That of tables that a metric names without one; none does. */
    private static final String DATABASE = "gold";

    @ParentCommand
    private Environment environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--as",
            paramLabel = "PRINCIPAL",
            defaultValue = "admin",
            description = "Whose figures: admin for all tenants, or analyst:SLUG for one (default: admin).")
    private String principal;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the metrics that take it; once for each. See: metrics show METRIC.")
    private List<String> parameters = List.of();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the page goes (default: tenantlake-report-SLUG.html, or tenantlake-report.html).")
    private Path output;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long each query may take, such as 30s or 5m (default: 5m).")
    private Duration timeout;

    @Override
    public Integer call() {
        Principal asking = Principal.parse(principal);
        Map<String, String> values = ParameterValues.of(parameters);
        List<Metric> metrics = MetricCatalog.load().all();
        MetricQuestions.requireTaken(metrics, values);
        ReportFile file = ReportFile.require("--output", output != null ? output : Path.of(defaultName(asking)));
        long start = System.nanoTime();
        try (Termination termination = Termination.of(Termination.Ending.INTERRUPTED);
                AwsClients own = environment.clients();
                AwsClients clients = PrincipalClients.as(own, asking);
                AthenaClient athena = clients.configure(AthenaClient.builder()).build()) {
            AthenaSession session = new AthenaSession(athena, asking.workgroup(), DATABASE);
            Instant now = Instant.now();
            List<LayerPosition> positions = positions(own);
            List<ReportTenant> tenants = ReportTenant.all(session, timeout, termination.stopRequest());
            List<MetricAnswer> answers =
                    new MetricQuestions(session, timeout, termination.stopRequest()).ask(metrics, values);
            file.write(ReportPage.of(new LakeReport(asking, now, positions, tenants, values, answers)));
            say(answers, Duration.ofNanos(System.nanoTime() - start), asking);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(file);
        out.flush();
        return 0;
    }

    private static String defaultName(Principal asking) {
        return asking instanceof Principal.Analyst analyst
                ? "tenantlake-report-" + analyst.slug() + ".html"
                : "tenantlake-report.html";
    }

    /** How far the layers that metrics read are; nothing if the one who runs this may not see that. */
    private static List<LayerPosition> positions(AwsClients own) {
        try (S3Client s3 = own.s3()) {
            LayerPositions positions = new LayerPositions(s3, own.config().layout());
            return Stream.of(Layer.SILVER, Layer.GOLD)
                    .flatMap(layer -> positions.read(layer).stream())
                    .toList();
        } catch (AwsServiceException e) {
            return List.of();
        }
    }

    private void say(List<MetricAnswer> answers, Duration took, Principal asking) {
        long scanned = answers.stream().mapToLong(MetricAnswer::scannedBytes).sum();
        PrintWriter err = spec.commandLine().getErr();
        err.println(answers.size() + " metrics, " + Amounts.bytes(scanned) + " scanned, " + Amounts.seconds(took)
                + ", as " + asking);
        err.flush();
    }
}
