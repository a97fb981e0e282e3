package dev.tenantlake.control;

import dev.tenantlake.cli.ReportFile;
import dev.tenantlake.control.chaos.ChaosPlan;
import dev.tenantlake.control.chaos.ChaosReport;
import dev.tenantlake.control.chaos.ChaosRun;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.run.LaunchOptions;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.SeedRequest;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills the lake's processes over and over, and shows that nothing is lost by it. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Kills processes of a lake at random moments under traffic (cdc-ingest, the Spark job, local-aws, Postgres,"
                    + " now and then the supervisor), waits until it is whole again, and compares bronze, silver and gold"
                    + " with the source: every transaction whole, none lost, none twice, every row equal.",
            "It works on a lake of its own, whose Postgres waits for the disk at each commit, and removes everything at"
                    + " the end. The exit code is 0 only if nothing is wrong; otherwise the data is kept."
        },
        footer = {
            "",
            "Examples:",
            "  ./tenantlake chaos --rounds 2",
            "  ./tenantlake chaos --rounds 20 --seed 7 --report chaos.md"
        })
final class ChaosCommand implements Callable<Integer> {

    private static final Duration START = Duration.ofMinutes(10);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many times; each has three to five strikes that kill one or two processes"
                    + " (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What the strikes and the traffic are drawn from (default: chance; it is printed).")
    private Long seed;

    @Option(
            names = "--full-every",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "In every so many rounds, and in the last, every transaction and row is compared; in the others,"
                            + " the changes in bronze are counted (default: ${DEFAULT-VALUE}).")
    private int fullEvery;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "Transactions a second of the shop's traffic, besides the command's own"
                    + " (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes the report to this file as Markdown, and beside it as JSON, after each round.")
    private Path report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        ChaosPlan plan = new ChaosPlan(
                rounds, seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed, fullEvery, rate);
        Optional<ReportFile> file = Optional.ofNullable(report).map(wanted -> ReportFile.require("--report", wanted));
        Modules modules = Modules.ofThisCheckout();
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        terminal.say("Seed " + plan.seed() + ": " + plan.rounds() + " rounds");
        ChaosReport result;
        try (TemporaryLake lake = TemporaryLake.create("tenantlake-chaos-", terminal)) {
            LakeStart start = new LakeStart(modules, lake.directory(), stage -> {}, terminal::waitingFor);
            start.launch(new LaunchOptions(
                    0,
                    Optional.of(new SeedRequest(SeedRequest.Scale.SMALL, OptionalLong.of(plan.seed()))),
                    true,
                    false,
                    true));
            start.await(START);
            terminal.say("The lake is up, on " + lake.directory().root());
            result = new ChaosRun(
                            modules,
                            lake.directory(),
                            plan,
                            terminal::say,
                            soFar -> file.ifPresent(wanted -> write(soFar, wanted)),
                            terminal::waitingFor)
                    .run();
            if (result.holds()) {
                lake.removeAtEnd();
            }
        }
        print(result, out);
        if (!result.holds()) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    "with seed " + plan.seed() + " the lake did not hold what it promises in "
                            + result.failures().size() + " places, named above");
        }
        return 0;
    }

    private static void write(ChaosReport result, ReportFile file) {
        file.withExtension("md").write(result.markdown());
        file.withExtension("json").write(LakeJson.pretty(result) + "\n");
    }

    private static void print(ChaosReport result, PrintWriter out) {
        result.failures().forEach(failure -> out.println("  WRONG " + failure));
        ChaosReport.Transactions transactions = result.transactions();
        out.printf(
                Locale.ROOT,
                "%d kills in %d rounds (%s), seed %d: %,d transactions written, %d lost, %d repeated, %d torn; %,d rows"
                        + " compared, %d wrong; recovered after %.1f s (p50), %.1f s (max).%n",
                result.kills(),
                result.rounds().size(),
                result.killsByProcess(),
                result.seed(),
                transactions.written(),
                transactions.lost() + transactions.forgotten(),
                transactions.repeated(),
                transactions.torn(),
                result.rowsCompared(),
                result.rowsWrong(),
                result.recovery().p50(),
                result.recovery().max());
        out.flush();
    }
}
