package dev.tenantlake.query.grants;

import dev.tenantlake.query.command.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What has to do with who sees what. */
@Command(
        name = "grants",
        usageHelpWidth = 110,
        description = "Who sees what: the roles, workgroups, filters and grants of the tenants' analysts.",
        subcommands = GrantsApplyCommand.class)
public final class GrantsCommand implements Runnable {

    @ParentCommand
    private Environment environment;

    @Spec
    private CommandSpec spec;

    Environment environment() {
        return environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command: apply");
    }
}
