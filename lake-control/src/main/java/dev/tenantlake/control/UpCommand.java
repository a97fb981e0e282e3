package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.control.lake.LocalServices;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.run.LaunchOptions;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.Ports;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.LakeException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a lake in the background, and returns when all of it answers. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Starts the lake in the background and returns when all of it answers. What the lake holds is kept"
                        + " in the data directory, and another up goes on from there.",
        footer = {"", "Examples:", "  ./tenantlake up", "  ./tenantlake up --data-dir /var/tmp/lake --port 5000"})
final class UpCommand implements Callable<Integer> {

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4870",
            description = "Where AWS' endpoint is to be on 127.0.0.1; S3 is at the port after it, Postgres at the one"
                    + " after that, then three for metrics; 0 for any that are free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--durable",
            description = "Postgres waits for the disk at each commit. Without it, commits survive the end of any"
                    + " process, but not of the machine.")
    private boolean durable;

    @Option(
            names = "--from-bronze",
            description = "Removes silver and gold before the job starts, which then makes them anew from bronze. What"
                    + " bronze and the shop hold stays as it is.")
    private boolean fromBronze;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait until all of it answers (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Modules modules = Modules.ofThisCheckout();
        DataDirectory directory = dataDirectory.directory(modules);
        if (port != 0) {
            Ports.requireInRange(port);
        }
        directory.create();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        PrintWriter out = spec.commandLine().getOut();
        if (LakeStart.isRunning(directory)) {
            if (fromBronze) {
                throw new LakeException(
                        LakeException.Kind.IN_USE,
                        "--from-bronze removes silver and gold, and a lake is running on " + directory.root()
                                + ": stop it first, with ./tenantlake down");
            }
            RunningLake lake = new LakeStart(modules, directory, stage -> {}, terminal::waitingFor).await(timeout);
            terminal.clear();
            out.println("The lake is running already, on " + directory.root() + ".");
            describe(lake.services(), directory, out);
            return 0;
        }
        LakeStart start = new LakeStart(modules, directory, terminal::done, terminal::waitingFor);
        terminal.say("Starting the lake on " + directory.root());
        Thread stopIfInterrupted = new Thread(start::stopLaunched);
        Runtime.getRuntime().addShutdownHook(stopIfInterrupted);
        RunningLake lake;
        try {
            start.launch(new LaunchOptions(port, Optional.empty(), durable, fromBronze, false));
            lake = start.await(timeout);
        } catch (RuntimeException e) {
            terminal.waitingFor("what was started to stop");
            start.stopLaunched();
            terminal.clear();
            throw e;
        }
        Runtime.getRuntime().removeShutdownHook(stopIfInterrupted);
        terminal.say("The lake is up.");
        describe(lake.services(), directory, out);
        return 0;
    }

    private static void describe(LocalServices services, DataDirectory directory, PrintWriter out) {
        LocalServices.Postgres postgres = services.postgres();
        out.println("  AWS        " + services.awsEndpoint());
        out.println("  S3         " + services.s3Endpoint() + "  bucket " + services.bucket());
        out.println("  Postgres   " + postgres.host() + ":" + postgres.port() + "/" + postgres.database() + "  user "
                + postgres.user());
        out.println("  metrics    "
                + LakePorts.metricsAddress(services.awsEndpoint().getPort()));
        out.println("  data       " + directory.root());
        out.println("  logs       " + directory.logs());
        out.println("What next:");
        out.println(
                "  ./tenantlake seed --scale small && ./tenantlake wait     fill the shop; wait until the lake has it");
        out.println("  ./tenantlake status                                      services, lag, tenants");
        out.println("  ./tenantlake metrics                                     what can be asked");
        out.println("  ./tenantlake query --sql 'select …' --as analyst:SLUG    ask as a tenant's analyst");
        out.println("  eval \"$(./tenantlake env --as analyst:SLUG)\"             ask with any AWS client");
        out.println("  ./tenantlake down                                        stop it; the data is kept");
        out.flush();
    }
}
