package dev.tenantlake.control;

import dev.tenantlake.control.demo.Demo;
import dev.tenantlake.control.demo.DemoRequest;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeShutdown;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.SeedRequest;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job, from nothing to a reconciled answer. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Fills a shop, takes its rows all the way to gold, asks the same question as two analysts and as the"
                    + " administrator, places an order and waits until it is seen, and compares every table of the lake"
                    + " with the source.",
            "It works on a data directory and ports of its own, does not disturb a lake that is up, and removes"
                    + " everything at the end. The exit code is 0 only if everything holds."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenantlake demo",
            "  ./tenantlake demo --scale medium --report demo.json",
            "  ./tenantlake demo --keep"
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--scale",
            paramLabel = "SCALE",
            defaultValue = "small",
            description = "How much the shop is filled with: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private SeedRequest.Scale scale;

    @Option(names = "--seed", paramLabel = "N", description = "What the shop's rows are drawn from.")
    private Long seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes everything to this file as JSON, too.")
    private Path report;

    @Option(names = "--keep", description = "Leaves the lake running at the end, and keeps its data.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    private volatile boolean interrupted;

    @Override
    public Integer call() throws SQLException, IOException {
        DemoRequest request = new DemoRequest(
                new SeedRequest(scale, seed == null ? OptionalLong.empty() : OptionalLong.of(seed)),
                Optional.ofNullable(report),
                keep);
        request.report().ifPresent(Demo::requireReportWritable);
        DataDirectory directory = new DataDirectory(Files.createTempDirectory("tenantlake-demo-"));
        directory.create();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        Thread stopIfInterrupted = new Thread(() -> stopAndDelete(directory, terminal));
        Runtime.getRuntime().addShutdownHook(stopIfInterrupted);
        boolean held = false;
        try {
            new Demo(
                            Modules.ofThisCheckout(),
                            directory,
                            request,
                            spec.commandLine().getOut(),
                            terminal)
                    .run();
            held = true;
        } finally {
            awaitEndIfInterrupted();
            if (!keep) {
                terminal.waitingFor("the services are stopping");
                new LakeShutdown(directory).stop();
            }
            conclude(directory, terminal, held);
            Runtime.getRuntime().removeShutdownHook(stopIfInterrupted);
        }
        return 0;
    }

    /** What a Ctrl-C has the process do, whatever the demo is in the middle of. */
    private void stopAndDelete(DataDirectory directory, Terminal terminal) {
        interrupted = true;
        terminal.say("Interrupted: stopping what was started ...");
        try {
            new LakeShutdown(directory).stop();
            delete(directory);
        } catch (LakeException e) {
            terminal.say("tenantlake: " + e.getMessage());
        }
    }

    /** The lake was taken away from under the demo; what it makes of that is of no interest. */
    private void awaitEndIfInterrupted() {
        while (interrupted) {
            LockSupport.park();
        }
    }

    private void conclude(DataDirectory directory, Terminal terminal, boolean held) {
        if (keep && LakeStart.isRunning(directory)) {
            terminal.say("The lake is left running on " + directory.root() + "; go on with");
            terminal.say("  export TENANTLAKE_DATA_DIR="
                    + ShellLines.quote(directory.root().toString()));
            terminal.say("  ./tenantlake status        and at the end: ./tenantlake down");
        } else if (held) {
            delete(directory);
            terminal.say("Everything that was started is stopped, and " + directory.root() + " is removed.");
        } else {
            terminal.say("Everything that was started is stopped; the logs are kept in " + directory.logs());
        }
    }

    private static void delete(DataDirectory directory) {
        try (Stream<Path> files = Files.walk(directory.root())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("tenantlake: " + directory.root() + " could not be removed: " + e.getMessage());
        }
    }
}
