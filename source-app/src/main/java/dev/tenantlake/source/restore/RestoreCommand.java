package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.console.OutputFormat;
import dev.tenantlake.source.database.SourceDatabase;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code source-app restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Gives one tenant's table the rows back that it had, by the lake's history.",
            "Without --apply it says what it would change, and changes nothing. With it, the same is found anew and changed"
                    + " in one transaction of the source; the lake follows that like any other."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  source-app restore --tenant acme-tools --table orders --as-of 2026-11-14T09:00:00Z",
            "  source-app restore --tenant acme-tools --table orders --as-of 812 --apply",
            "  source-app restore --tenant acme-tools --table customers --as-of 812 --keep-new --apply",
            "  source-app restore --tenant acme-tools --table orders --as-of 812 --output json"
        })
public final class RestoreCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    private final Map<String, String> environment;
    private final Supplier<TableHistory> history;

    @Spec
    private CommandSpec spec;

    @Option(names = "--tenant", paramLabel = "SLUG", required = true, description = "The tenant whose rows they are.")
    private String tenant;

    @Option(names = "--table", paramLabel = "TABLE", required = true, description = "The table, such as orders.")
    private String table;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT|EPOCH",
            required = true,
            description =
                    "The state to go back to: an epoch's number, or an instant with its offset, which stands for the"
                            + " last epoch that was committed by then.")
    private String asOf;

    @Option(
            names = "--keep-new",
            description = "Leave rows alone that were not there then, so that nothing is deleted.")
    private boolean keepNew;

    @Option(names = "--apply", description = "Change it.")
    private boolean apply;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "How many rows of each kind are shown (default: 20; with --output json all).")
    private Long show;

    @Mixin
    private OutputFormat.Option output;

    /** The command on the lake that the environment names. */
    public RestoreCommand(Map<String, String> environment) {
        this(environment, () -> AthenaHistory.open(environment));
    }

    /** @param history opens what is known of the past */
    RestoreCommand(Map<String, String> environment, Supplier<TableHistory> history) {
        this.environment = requireNonNull(environment, "environment");
        this.history = requireNonNull(history, "history");
    }

    @Override
    public Integer call() {
        RestoreRequest request = request();
        SourceDatabase database = SourceDatabase.from(environment);
        PrintWriter out = spec.commandLine().getOut();
        try (TableHistory past = history.get();
                Restoration restoration = Restoration.begin(database, past, request)) {
            RestorePlan plan = apply ? restoration.apply() : restoration.plan();
            RestoreReport report = new RestoreReport(restoration, out);
            if (output.isJson()) {
                report.json(plan, show == null ? Long.MAX_VALUE : show);
            } else {
                report.text(plan, show == null ? SHOWN : show);
            }
        }
        return 0;
    }

    private RestoreRequest request() {
        SourceTable named = SourceTable.named(table)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "--table is '" + table + "': expected one of "
                                + SourceTable.ALL.stream()
                                        .map(SourceTable::name)
                                        .collect(Collectors.joining(", "))));
        if (show != null && show < 0) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, "--show is " + show + ": expected how many rows, 0 or more");
        }
        return new RestoreRequest(tenant, named, AsOf.parse(asOf), keepNew);
    }
}
