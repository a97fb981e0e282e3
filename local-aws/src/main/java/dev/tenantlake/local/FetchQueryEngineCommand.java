package dev.tenantlake.local;

import dev.tenantlake.local.engine.TrinoDistribution;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Fetches the query engine ahead of the first run that needs it. */
@Command(
        name = "fetch-query-engine",
        description = {
            "Fetches the query engine, unless it is there, and says where it is.",
            "run does so by itself; this is for preparing a machine."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  local-aws fetch-query-engine")
final class FetchQueryEngineCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        PrintWriter progress = spec.commandLine().getErr();
        TrinoDistribution distribution =
                TrinoDistribution.fetch(CacheDirectory.locate(environment), environment, line -> {
                    progress.println(line);
                    progress.flush();
                });
        spec.commandLine().getOut().println(distribution.home());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
