package dev.tenantlake.control;

import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.control.demo.Demo;
import dev.tenantlake.control.demo.DemoRequest;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.SeedRequest;
import dev.tenantlake.control.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                    + " everything at the end. With --keep the lake is left running, on --data-dir if that is given. The"
                    + " exit code is 0 only if everything holds."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenantlake demo",
            "  ./tenantlake demo --scale medium --report demo.json",
            "  ./tenantlake demo --keep --data-dir /var/tmp/demo"
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

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        DemoRequest request = new DemoRequest(
                new SeedRequest(scale, seed == null ? OptionalLong.empty() : OptionalLong.of(seed)),
                Optional.ofNullable(report),
                keep);
        request.report().ifPresent(file -> ReportFile.require("--report", file));
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        try (TemporaryLake lake = lake(terminal)) {
            if (keep) {
                lake.keepRunning();
            }
            new Demo(
                            Modules.ofThisCheckout(),
                            lake.directory(),
                            request,
                            spec.commandLine().getOut(),
                            terminal)
                    .run();
            lake.removeAtEnd();
        }
        return 0;
    }

    /** A lake that is kept may be kept where somebody wants it; another is nobody's business. */
    private TemporaryLake lake(Terminal terminal) throws IOException {
        Optional<DataDirectory> named = dataDirectory.named().filter(directory -> keep);
        return named.isPresent()
                ? TemporaryLake.in(named.get(), terminal)
                : TemporaryLake.create("tenantlake-demo-", terminal);
    }
}
