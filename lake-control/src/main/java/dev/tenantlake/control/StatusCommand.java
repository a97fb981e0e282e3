package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeStatus;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.model.LakeJson;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how a lake is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the lake's services, endpoints, the lag and limit of its replication slot, how far bronze, silver and"
                    + " gold are and how long their last commits took from the source, the tables that are stopped, how"
                    + " many rows of each table are valid, and the tenants that have their grants. What is wrong stands at the end, behind exclamation marks.",
            "The exit code is 0 if a supervisor runs the lake, whatever is wrong with it, and 1 if none does."
        },
        footer = {"", "Examples:", "  ./tenantlake status", "  ./tenantlake status --output json"})
final class StatusCommand implements Callable<Integer> {

    /** How a result is written. */
    enum Output {
        TEXT,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to write it (default: ${DEFAULT-VALUE}).")
    private Output output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        DataDirectory directory = dataDirectory.directory(Modules.ofThisCheckout());
        LakeStatus status = LakeStatus.of(directory);
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case JSON -> out.println(LakeJson.pretty(status));
            case TEXT -> new StatusText(status).print(out);
        }
        out.flush();
        return status.running() ? 0 : 1;
    }
}
