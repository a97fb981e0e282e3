package dev.tenantlake.control;

import dev.tenantlake.cli.CommandRunner;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the whole lake on one machine. Its name is the launcher's, through which people call it. */
@Command(
        name = "tenantlake",
        mixinStandardHelpOptions = true,
        description = "Runs the whole lake on this machine: Postgres, S3, the AWS APIs, the change stream, Spark and"
                + " Athena's engine.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            WaitCommand.class,
            EnvCommand.class,
            DemoCommand.class,
            ChaosCommand.class,
            SuperviseCommand.class,
            ModuleEnvironmentCommand.class
        })
public final class LakeControl implements Runnable {

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new LakeControl(), arguments));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "expected a command such as up, status or demo");
    }
}
