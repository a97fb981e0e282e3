package dev.tenantlake.control;

import dev.tenantlake.cli.Checkout;
import dev.tenantlake.control.lake.LakeEnvironment;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.run.Modules;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** For the launcher: the environment in which a module's own command works on the running lake. */
@Command(
        name = "module-environment",
        hidden = true,
        description = "Prints the environment of a module's command. No secret is in it, only where they lie.")
final class ModuleEnvironmentCommand implements Callable<Integer> {

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunningLake lake = RunningLake.require(dataDirectory.directory(Modules.ofThisCheckout()));
        ShellLines lines = new ShellLines();
        List<String> foreign = System.getenv().keySet().stream()
                .filter(Checkout::isForeign)
                .sorted()
                .toList();
        if (!foreign.isEmpty()) {
            lines.unset(foreign);
        }
        LakeEnvironment.of(lake.services(), lake.directory(), "admin").forEach(lines::export);
        PrintWriter out = spec.commandLine().getOut();
        out.print(lines);
        out.flush();
        return 0;
    }
}
