package dev.tenantlake.query;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.query.command.Environment;
import dev.tenantlake.query.grants.GrantsCommand;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of this module. */
@Command(
        name = "athena-queries",
        usageHelpWidth = 110,
        description = "The metrics of the lake, run through Athena, and the grants of its tenants' analysts.",
        subcommands = {
            QueryCommand.class,
            MetricsCommand.class,
            ReportCommand.class,
            CostCommand.class,
            GrantsCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  athena-queries metrics",
            "  athena-queries query revenue_by_tenant --param period=week",
            "  athena-queries query best_sellers --as analyst:acme-tools --output csv",
            "  athena-queries query --sql 'SELECT count(*) FROM silver.orders' --as analyst:acme-tools",
            "  athena-queries report --as analyst:acme-tools",
            "  athena-queries cost",
            "  athena-queries grants apply",
            "",
            "Which lake it is: AWS_REGION, TENANTLAKE_BUCKET, the standard credential chain of the AWS SDK, and",
            "AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_S3 where they are not those of AWS."
        })
public final class AthenaQueries implements Runnable, Environment {

    private final Map<String, String> variables;

    @Spec
    private CommandSpec spec;

    public AthenaQueries(Map<String, String> variables) {
        this.variables = requireNonNull(variables, "variables");
    }

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new AthenaQueries(System.getenv()), arguments));
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log what is done, and the stack trace of a failure, to standard error.")
    void verbose(boolean verbose) {
        if (verbose) {
            ((Logger) LoggerFactory.getLogger("dev.tenantlake")).setLevel(Level.DEBUG);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command: query, metrics, report, cost or grants");
    }

    @Override
    public AwsClients clients() {
        return AwsClients.of(LakeConfig.from(variables));
    }
}
