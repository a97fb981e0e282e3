package dev.tenantlake.bench;

import dev.tenantlake.bench.machine.Machine;
import dev.tenantlake.bench.machine.ThisMachine;
import dev.tenantlake.bench.process.Workspace;
import dev.tenantlake.bench.report.BenchReport;
import dev.tenantlake.bench.report.MarkdownReport;
import dev.tenantlake.bench.report.ReportFiles;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.row.ChangeRate;
import dev.tenantlake.bench.row.CommitCost;
import dev.tenantlake.bench.row.InitialLoad;
import dev.tenantlake.bench.row.LiveRows;
import dev.tenantlake.bench.row.Measurement;
import dev.tenantlake.bench.row.MetricTimes;
import dev.tenantlake.bench.row.SilverLoad;
import dev.tenantlake.bench.row.Sizes;
import dev.tenantlake.bench.row.Stage;
import dev.tenantlake.cli.Checkout;
import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.model.LakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the lake against what it is made of. Its name is the launcher's, through which people call it. */
@Command(
        name = "tenantlake bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the lake against what it is made of, each row with its baseline in the same run, and writes a"
                    + " report in Markdown and, beside it, in JSON.",
            "Rows: load-copy, load-debezium, silver-load, commit-cost, changes-debezium, changes-pgoutput, metrics,"
                    + " freshness, memory, live; and soak with --soak. Rows that are not measured now are kept in the report if they are of"
                    + " the same machine and versions.",
            "Wants a machine that does nothing else: the report says how busy it was. All rows take about half an hour"
                    + " on two cores, besides a soak. Starts lakes of its own and leaves nothing of them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./tenantlake bench",
            "  ./tenantlake bench --quick",
            "  ./tenantlake bench --rows load-copy,freshness",
            "  ./tenantlake bench --rows soak --soak 30m"
        })
public final class Bench implements Callable<Integer> {

    @Option(
            names = "--rows",
            paramLabel = "NAME",
            split = ",",
            description = "Only these rows (default: all but soak; with --soak, that too).")
    private List<String> rows = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the report goes, a .md file (default: docs/benchmarks.md; with --quick"
                    + " target/benchmarks.md).")
    private Path out;

    @Option(
            names = "--quick",
            description = "On little data and in few rounds, in about 6 minutes, to see that it works; the figures mean"
                    + " nothing.")
    private boolean quick;

    @Option(
            names = "--soak",
            paramLabel = "TIME",
            description =
                    "Also keep a lake under traffic for so long, such as 30m, and hold its end against its beginning;"
                            + " freshness and memory are then taken from that.")
    private Duration soak;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "Below which folder the data of the run lies until it ends, up to 15 GB (default: target).")
    private Path workDirectory;

    @Option(names = "--keep-logs", description = "Leave what the processes logged in the work directory.")
    private boolean keepLogs;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new Bench(), arguments));
    }

    @Override
    public Integer call() {
        List<Measurement> measurements = List.of(
                new InitialLoad(),
                new SilverLoad(),
                new CommitCost(),
                new ChangeRate(),
                new MetricTimes(),
                new LiveRows(Optional.ofNullable(soak)));
        List<String> order = measurements.stream()
                .flatMap(measurement -> measurement.rows().stream())
                .toList();
        Set<String> wanted = wanted(order);
        Checkout checkout = Checkout.of(Bench.class);
        ReportFiles files = new ReportFiles(out != null ? out : checkout.home().resolve(defaultReport()));
        Path folder = workDirectory != null ? workDirectory : checkout.home().resolve("target");
        ThisMachine thisMachine = new ThisMachine(checkout);
        Machine machine = thisMachine.describe(folder.toAbsolutePath());
        long started = System.nanoTime();
        List<RowResult> results = new ArrayList<>();
        Path report = null;
        try (Workspace workspace = Workspace.open(folder, keepLogs);
                Stage stage = new Stage(
                        checkout,
                        workspace,
                        thisMachine,
                        quick ? Sizes.QUICK : Sizes.FULL,
                        what -> say(started, what))) {
            for (Measurement measurement : measurements) {
                Set<String> own = new LinkedHashSet<>(measurement.rows());
                own.retainAll(wanted);
                if (!own.isEmpty()) {
                    results.addAll(measurement.measure(own, stage));
                    // What is measured is kept, whatever becomes of the rest.
                    report = files.write(new BenchReport(machine, results), order);
                }
            }
        }
        PrintWriter output = spec.commandLine().getOut();
        output.print(MarkdownReport.summary(results));
        output.println("written to " + report);
        output.flush();
        return 0;
    }

    private Set<String> wanted(List<String> known) {
        if (rows.isEmpty()) {
            return new LinkedHashSet<>(known);
        }
        for (String row : rows) {
            if (!known.contains(row)) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        row.equals(LiveRows.SOAK)
                                ? "--rows names soak: say for how long with --soak, such as --soak 30m"
                                : "--rows: '" + row + "' is not a row: expected some of " + String.join(", ", known));
            }
        }
        return new LinkedHashSet<>(rows);
    }

    private String defaultReport() {
        return quick ? "target/benchmarks.md" : "docs/benchmarks.md";
    }

    private void say(long started, String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(Locale.ROOT, "bench: %6.1f s  %s", (System.nanoTime() - started) / 1e9, what));
        err.flush();
    }
}
