package dev.tenantlake.source.database;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeJson;
import dev.tenantlake.source.console.OutputFormat;
import dev.tenantlake.source.database.ShopSchema.Migrated;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code source-app migrate}. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Creates the shop's tables and the publication of their changes, or brings them up to date.",
        footerHeading = "%nExamples:%n",
        footer = {"  source-app migrate", "  source-app migrate --output json"})
public final class MigrateCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputFormat.Option output;

    public MigrateCommand(Map<String, String> environment) {
        this.environment = requireNonNull(environment, "environment");
    }

    @Override
    public Integer call() {
        SourceDatabase database = SourceDatabase.from(environment);
        Migrated migrated = new ShopSchema(database).migrate();
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                output.isJson()
                        ? LakeJson.pretty(migrated)
                        : "schema shop of " + database + ": version " + migrated.version() + ", migrations applied: "
                                + migrated.applied());
        out.flush();
        return 0;
    }
}
