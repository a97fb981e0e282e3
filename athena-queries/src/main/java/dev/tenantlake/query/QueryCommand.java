package dev.tenantlake.query;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.QuerySummary;
import dev.tenantlake.query.command.Environment;
import dev.tenantlake.query.command.Termination;
import dev.tenantlake.query.metric.MetricCatalog;
import dev.tenantlake.query.output.OutputFormat;
import dev.tenantlake.query.sql.Statement;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.athena.AthenaClient;

/** Runs a metric, or SQL of one's own, as a principal. */
@Command(
        name = "query",
        usageHelpWidth = 110,
        description = "Run a metric, or SQL of your own, through Athena as a given principal.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  athena-queries query revenue_growth",
            "  athena-queries query revenue_by_tenant --param period=week --param from=2026-01-01",
            "  athena-queries query conversion_funnel --as analyst:acme-tools --output json",
            "  athena-queries query --sql 'SELECT status, count(*) FROM silver.orders GROUP BY 1'",
            "  athena-queries query arr --as-of 2026-11-14T09:00:00Z",
            "  athena-queries query --sql 'SELECT * FROM silver.orders WHERE id = 42' --as-of 812",
            "",
            "The result goes to standard output; rows, bytes and time to standard error. Ctrl-C stops the query in Athena."
        })
final class QueryCommand implements Callable<Integer> {

    private static final String DATABASE = Layer.GOLD.database();

    @ParentCommand
    private Environment environment;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Subject subject;

    @Option(
            names = "--as",
            paramLabel = "PRINCIPAL",
            defaultValue = "admin",
            description = "Who asks: admin, or analyst:SLUG for the analyst of a tenant (default: admin).")
    private String principal;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the metric; once for each. See: metrics show METRIC.")
    private List<String> parameters = List.of();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "How the result is printed: ${COMPLETION-CANDIDATES} (default: table).")
    private OutputFormat output;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long the query may take, such as 30s or 5m (default: 5m).")
    private Duration timeout;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database of tables that the SQL names without one (default: gold).")
    private String database;

    @ArgGroup
    private StateOption state;

    /** What is asked. */
    private static final class Subject {
        @Parameters(index = "0", paramLabel = "METRIC", description = "The metric's name. See: metrics.")
        private String metric;

        @Option(names = "--sql", paramLabel = "SQL", description = "A statement of your own, in Athena's SQL.")
        private String sql;
    }

    @Override
    public Integer call() {
        Principal asking = Principal.parse(principal);
        if (state != null && database != null) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--database goes with neither --as-of nor --live: name each table with its database");
        }
        Statement statement = statement();
        try (Termination termination = Termination.of(Termination.Ending.INTERRUPTED);
                AwsClients own = environment.clients();
                AwsClients clients = PrincipalClients.as(own, asking);
                AthenaClient athena = clients.configure(AthenaClient.builder()).build()) {
            OutputFormat.ResultPrinter printer =
                    output.printer(spec.commandLine().getOut());
            AthenaSession session =
                    new AthenaSession(athena, asking.workgroup(), database == null ? DATABASE : database);
            if (state != null) {
                statement = state.of(statement, asking, own, spec.commandLine().getErr());
                // A table without its database is not recognised, and must not be taken as it is now.
                session = session.withoutDatabase();
            }
            QuerySummary summary = session.run(statement, timeout, termination.stopRequest(), printer);
            printer.end();
            footer(summary, asking);
        }
        return 0;
    }

    private Statement statement() {
        if (subject.sql == null) {
            return MetricCatalog.load().named(subject.metric).statement(ParameterValues.of(parameters));
        }
        if (!parameters.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, "--param goes with a metric: write the value into the SQL");
        }
        return Statement.of(subject.sql);
    }

    private void footer(QuerySummary summary, Principal asking) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                summary.rows() + (summary.rows() == 1 ? " row, " : " rows, ") + Amounts.bytes(summary.scannedBytes())
                        + " scanned, " + Amounts.seconds(summary.elapsed()) + " (engine "
                        + Amounts.seconds(summary.engine()) + "), as "
                        + asking + ", query " + summary.queryId());
        err.flush();
    }
}
