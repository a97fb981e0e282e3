package dev.tenantlake.control;

import dev.tenantlake.control.lake.LakeEnvironment;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Principal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.s3.S3Client;

/** Prints the environment with which any AWS client works on the lake. */
@Command(
        name = "env",
        mixinStandardHelpOptions = true,
        description = {
            "Prints export lines for a shell: with them any AWS client works on the lake as that principal.",
            "An analyst's keys come from STS AssumeRole and last an hour. For admin, the variables of libpq are among them."
        },
        footer = {
            "",
            "Examples:",
            "  eval \"$(./tenantlake env)\"",
            "  eval \"$(./tenantlake env --as analyst:acme-tools)\""
        })
final class EnvCommand implements Callable<Integer> {

    private static final List<String> POSTGRES = List.of("PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSFILE");

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(
            names = "--as",
            paramLabel = "PRINCIPAL",
            defaultValue = "admin",
            description = "admin, or analyst:SLUG with a tenant's slug (default: ${DEFAULT-VALUE}).")
    private String principal;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Principal as = Principal.parse(principal);
        RunningLake lake = RunningLake.require(dataDirectory.directory(Modules.ofThisCheckout()));
        PrintWriter out = spec.commandLine().getOut();
        try (AwsClients admin = lake.adminClients()) {
            if (as instanceof Principal.Analyst analyst) {
                requireGranted(analyst, admin);
            }
            try (AwsClients clients = admin.as(as)) {
                out.print(lines(as, lake, clients.credentials().resolveCredentials()));
            }
        }
        out.flush();
        return 0;
    }

    private static ShellLines lines(Principal as, RunningLake lake, AwsCredentials credentials) {
        ShellLines lines = new ShellLines()
                .export("AWS_ENDPOINT_URL", lake.services().awsEndpoint().toString())
                .export("AWS_ENDPOINT_URL_S3", lake.services().s3Endpoint().toString())
                .export("AWS_REGION", lake.services().region())
                .export("AWS_DEFAULT_REGION", lake.services().region())
                .export("AWS_ACCESS_KEY_ID", credentials.accessKeyId())
                .export("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey())
                .export("ATHENA_WORKGROUP", as.workgroup())
                .export("TENANTLAKE_BUCKET", lake.services().bucket());
        List<String> notApplicable = new ArrayList<>(List.of("AWS_PROFILE"));
        if (credentials instanceof AwsSessionCredentials session) {
            lines.export("AWS_SESSION_TOKEN", session.sessionToken());
        } else {
            notApplicable.add("AWS_SESSION_TOKEN");
        }
        if (as instanceof Principal.Admin) {
            LakeEnvironment.ofPostgres(lake.services(), lake.directory()).forEach(lines::export);
        } else {
            // An analyst has no business with the source; the shell may have been the administrator's before.
            notApplicable.addAll(POSTGRES);
        }
        return lines.unset(notApplicable);
    }

    private static void requireGranted(Principal.Analyst analyst, AwsClients admin) {
        try (S3Client s3 = admin.s3()) {
            List<String> slugs = new LayerPositions(s3, admin.config().layout())
                    .readGrants()
                    .map(GrantsPosition::slugs)
                    .orElse(List.of());
            if (!slugs.contains(analyst.slug())) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "no tenant '" + analyst.slug() + "' has its grants: "
                                + (slugs.isEmpty()
                                        ? "there are none yet; fill the shop with ./tenantlake seed, and ./tenantlake wait"
                                        : "expected one of " + String.join(", ", slugs)));
            }
        }
    }
}
