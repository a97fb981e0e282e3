package dev.tenantlake.control;

import dev.tenantlake.control.lake.Barrier;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.AwsClients;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until the lake holds what was committed before. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description =
                "Returns when bronze, silver and gold hold everything that was committed before the call, and every"
                        + " tenant that came by it has its grants.",
        footer = {"", "Examples:", "  ./tenantlake wait", "  ./tenantlake wait --timeout 10m"})
final class WaitCommand implements Callable<Integer> {

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "120s",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        RunningLake lake = RunningLake.require(dataDirectory.directory(Modules.ofThisCheckout()));
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        long start = System.nanoTime();
        try (AwsClients clients = lake.adminClients();
                Connection source = lake.connect()) {
            Barrier barrier = Barrier.commit(clients, source);
            Barrier.Progress end =
                    barrier.await(timeout, progress -> progress.behind().ifPresent(terminal::waitingFor));
            terminal.say(String.format(
                    "Silver and gold hold everything up to %s: epoch %d, after %s",
                    barrier.lsn(),
                    end.epoch().orElseThrow(),
                    Terminal.seconds(Duration.ofNanos(System.nanoTime() - start))));
        }
        return 0;
    }
}
