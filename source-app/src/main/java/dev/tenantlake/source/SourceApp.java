package dev.tenantlake.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.source.console.StopSignal;
import dev.tenantlake.source.database.MigrateCommand;
import dev.tenantlake.source.restore.RestoreCommand;
import dev.tenantlake.source.seed.SeedCommand;
import dev.tenantlake.source.traffic.TrafficCommand;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The multi-tenant shop: its tables, its history, its traffic, and the way back to an earlier state. */
@Command(
        name = "source-app",
        mixinStandardHelpOptions = true,
        description = "The multi-tenant shop whose changes the lake follows: its tables, its history and its traffic.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nThe database is the one that PGHOST, PGPORT, PGDATABASE (shop), PGUSER (postgres) and"
                + " PGPASSWORD or PGPASSFILE name.%n%nExamples:%n",
        footer = {
            "  source-app migrate",
            "  source-app seed --scale medium",
            "  source-app traffic --rate 20 --for 30s",
            "  source-app restore --tenant acme-tools --table orders --as-of 812",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class SourceApp {

    private SourceApp() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.ofProcess();
        stop.exit(run(System.getenv(), stop, arguments));
    }

    /**
     * Runs a command.
     *
     * @param environment says where the database is
     * @param stop ends a command that would go on otherwise
     * @return the exit code
     */
    public static int run(Map<String, String> environment, StopSignal stop, String... arguments) {
        requireNonNull(environment, "environment");
        CommandSpec spec = CommandSpec.forAnnotatedObject(new SourceApp());
        spec.addSubcommand("migrate", CommandSpec.forAnnotatedObject(new MigrateCommand(environment)));
        spec.addSubcommand("seed", CommandSpec.forAnnotatedObject(new SeedCommand(environment)));
        spec.addSubcommand("traffic", CommandSpec.forAnnotatedObject(new TrafficCommand(environment, stop)));
        spec.addSubcommand("restore", CommandSpec.forAnnotatedObject(new RestoreCommand(environment)));
        return CommandRunner.run(spec, arguments);
    }
}
