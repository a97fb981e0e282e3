package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeShutdown;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops a lake. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description =
                "Stops the lake, and whatever a run that was killed left behind. The data is kept. Nothing running is"
                        + " not an error.",
        footer = {"", "Example:", "  ./tenantlake down"})
final class DownCommand implements Callable<Integer> {

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        DataDirectory directory = dataDirectory.directory(Modules.ofThisCheckout());
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        terminal.waitingFor("the services are stopping");
        LakeShutdown.Outcome outcome = new LakeShutdown(directory).stop();
        terminal.say(describe(outcome, directory));
        return 0;
    }

    private static String describe(LakeShutdown.Outcome outcome, DataDirectory directory) {
        if (outcome.wasRunning()) {
            return "The lake on " + directory.root() + " is stopped; ./tenantlake up goes on from where it was.";
        }
        if (outcome.leftovers() > 0) {
            return "Stopped " + outcome.leftovers() + " processes that a killed run had left on " + directory.root()
                    + ".";
        }
        return "Nothing is running on " + directory.root() + ".";
    }
}
