package dev.tenantlake.query;

import dev.tenantlake.cli.Checkout;
import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.command.Environment;
import dev.tenantlake.query.command.Termination;
import dev.tenantlake.query.cost.CostMeasurement;
import dev.tenantlake.query.cost.CostReport;
import dev.tenantlake.query.grants.AthenaTenantDirectory;
import dev.tenantlake.query.grants.Tenant;
import dev.tenantlake.query.metric.MetricCatalog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.athena.AthenaClient;

/** Measures what each metric scans, and writes it down with its price. */
@Command(
        name = "cost",
        usageHelpWidth = 110,
        description = "Measure the bytes that each metric scans, against those that its answer would take in silver and"
                + " in bronze, and write them down with Athena's price.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  athena-queries cost",
            "  athena-queries cost --analyst acme-tools --output cost.md",
            "",
            "It runs about a hundred queries, as the administrator and as one analyst; on AWS each has its price. The",
            "report's path goes to standard output."
        })
final class CostCommand implements Callable<Integer> {

    private static final String DATABASE = "gold";

    @ParentCommand
    private Environment environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--analyst",
            paramLabel = "SLUG",
            description = "The tenant whose analyst asks, too (default: the first by its slug).")
    private String slug;

    @Option(
            names = {"--output", "--out"},
            paramLabel = "FILE",
            description = "Where the report goes, as Markdown (default: docs/cost.md in the checkout).")
    private Path output;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long each query may take, such as 30s or 5m (default: 5m).")
    private Duration timeout;

    @Override
    public Integer call() {
        Principal administrator = new Principal.Admin();
        ReportFile file = ReportFile.require(
                "--output",
                output != null ? output : Checkout.of(CostCommand.class).home().resolve("docs/cost.md"));
        PrintWriter err = spec.commandLine().getErr();
        CostReport report;
        try (Termination termination = Termination.of(Termination.Ending.INTERRUPTED);
                AwsClients own = environment.clients();
                AwsClients adminClients = PrincipalClients.as(own, administrator);
                AthenaClient admin =
                        adminClients.configure(AthenaClient.builder()).build()) {
            AthenaSession session = new AthenaSession(admin, administrator.workgroup(), DATABASE);
            CostMeasurement measurement = new CostMeasurement(session, timeout, termination.stopRequest(), what -> {
                err.println("cost: " + what);
                err.flush();
            });
            List<Tenant> tenants = new AthenaTenantDirectory(session, timeout, termination.stopRequest()).tenants();
            Tenant tenant = tenant(tenants);
            Principal asking = new Principal.Analyst(tenant.slug());
            try (AwsClients analystClients = PrincipalClients.as(own, asking);
                    AthenaClient analyst =
                            analystClients.configure(AthenaClient.builder()).build()) {
                report = CostReport.of(
                        MetricCatalog.load().all(),
                        measurement,
                        tenants.size(),
                        tenant,
                        new AthenaSession(analyst, asking.workgroup(), DATABASE));
            }
        }
        file.write(report.markdown());
        PrintWriter out = spec.commandLine().getOut();
        out.println(report.verdict() + " metrics read 1% or less of what bronze would need");
        out.println("written to " + file);
        out.flush();
        return 0;
    }

    private Tenant tenant(List<Tenant> tenants) {
        if (tenants.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the lake holds no tenant yet: expected at least one in silver.tenants");
        }
        if (slug == null) {
            return tenants.get(0);
        }
        return tenants.stream()
                .filter(tenant -> tenant.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "--analyst is '" + slug + "': expected one of "
                                + tenants.stream().map(Tenant::slug).collect(Collectors.joining(", "))));
    }
}
