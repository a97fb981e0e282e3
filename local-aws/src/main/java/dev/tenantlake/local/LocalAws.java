package dev.tenantlake.local;

import dev.tenantlake.cli.CommandRunner;
import picocli.CommandLine.Command;

/** The command line of local-aws. */
@Command(
        name = "local-aws",
        description = "Postgres, S3 and the AWS services that the lake uses, on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, FetchQueryEngineCommand.class})
public final class LocalAws {

    private LocalAws() {}

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new LocalAws(), arguments));
    }
}
