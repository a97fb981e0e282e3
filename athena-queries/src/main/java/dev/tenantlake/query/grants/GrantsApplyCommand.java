package dev.tenantlake.query.grants;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.command.Environment;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.Termination;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Brings the grants in step with the tenants, once or for as long as it runs. */
@Command(
        name = "apply",
        usageHelpWidth = 110,
        description = "Give the analyst of every tenant in silver.tenants a role, a workgroup, and the tenant's rows of"
                + " every silver and gold table; take all of that from tenants that are gone. Running it again changes"
                + " nothing.",
        footerHeading = "%nExamples:%n",
        footer = {"  athena-queries grants apply", "  athena-queries grants apply --watch 2s --output json"})
final class GrantsApplyCommand implements Callable<Integer> {

    /** What AWS takes for a workgroup's limit at least. */
    private static final long LEAST_SCAN_LIMIT = 10_000_000;

    private static final Duration QUERY_TIMEOUT = Duration.ofMinutes(5);

    enum Form {
        TEXT,
        JSON
    }

    @ParentCommand
    private GrantsCommand grants;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            description = "Stay, look every so often, such as 2s, and apply whenever tenants or tables changed.")
    private Duration watch;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How it is printed what was done: ${COMPLETION-CANDIDATES} (default: text).")
    private Form output;

    @Option(
            names = "--scan-limit",
            paramLabel = "BYTES",
            defaultValue = "10000000000",
            description = "How many bytes one query of an analyst may read, 10000000 at least (default: 10 GB).")
    private long scanLimit;

    @Option(
            names = "--assumable-by",
            paramLabel = "ARN",
            description =
                    "Who may act as an analyst; may be given several times (default: everybody in the account whose"
                            + " own policies allow it).")
    private List<String> assumableBy = List.of();

    @Option(
            names = "--permissions-boundary",
            paramLabel = "ARN",
            description =
                    "The policy that bounds what an analyst's role can ever be given, where the account demands one"
                            + " (default: none).")
    private Optional<String> permissionsBoundary;

    @Override
    public Integer call() {
        if (scanLimit < LEAST_SCAN_LIMIT) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--scan-limit is " + scanLimit + ": expected " + LEAST_SCAN_LIMIT
                            + " bytes at least, the least that Athena takes");
        }
        Environment environment = grants.environment();
        if (watch == null) {
            try (Termination termination = Termination.of(Termination.Ending.INTERRUPTED);
                    AwsClients clients = environment.clients();
                    LakeServices services = LakeServices.of(clients, List.of())) {
                LakeGrants lake = lake(clients, services, termination.stopRequest());
                GrantsReport report = lake.apply(lake.observe());
                print(report);
                requireAll(report);
            }
        } else {
            try (Termination termination = Termination.of(Termination.Ending.DONE);
                    AwsClients clients = environment.clients();
                    LakeServices services = LakeServices.of(clients, List.of())) {
                LakeGrants lake = lake(clients, services, termination.stopRequest());
                new GrantsWatch(lake, this::print, watch).run(termination.stopRequest());
            }
        }
        return 0;
    }

    private LakeGrants lake(AwsClients clients, LakeServices services, StopRequest stop) {
        AthenaSession session =
                new AthenaSession(services.athena(), new Principal.Admin().workgroup(), Layer.SILVER.database());
        return new LakeGrants(
                clients.config(),
                services,
                new AthenaTenantDirectory(session, QUERY_TIMEOUT, stop),
                new LakeGrants.Options(scanLimit, assumableBy, permissionsBoundary),
                stop,
                Clock.systemUTC());
    }

    private void print(GrantsReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Form.JSON) {
            out.println(new String(
                    LakeJson.bytes(new Printed(report, report.changes().size())), StandardCharsets.UTF_8));
        } else {
            report.changes().forEach(out::println);
            report.refused().forEach((slug, reason) -> out.println("refused tenant " + slug + ": " + reason));
            out.println(report.summary());
        }
        out.flush();
    }

    /** A report with the count that a reader asks for first. */
    private record Printed(@JsonUnwrapped GrantsReport report, int changed) {}

    private static void requireAll(GrantsReport report) {
        if (!report.refused().isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "not every tenant has an analyst: "
                            + report.refused().entrySet().stream()
                                    .map(refusal -> refusal.getKey() + " (" + refusal.getValue() + ")")
                                    .collect(Collectors.joining(", ")));
        }
    }
}
