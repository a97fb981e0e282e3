package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.source.console.OutputFormat;
import dev.tenantlake.source.console.StopSignal;
import dev.tenantlake.source.database.SourceDatabase;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code source-app traffic}. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Trades in a shop that is seeded, and then says what it wrote.",
            "Orders with their items, stock, events and invoices, changes of status, cancellations, refunds, deletes, new"
                    + " customers, subscriptions: each a transaction, most of them over several tables. It runs for the"
                    + " time given, or until SIGINT (Ctrl-C) or SIGTERM."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  source-app traffic --rate 20 --for 30s",
            "  source-app traffic --rate 0.5     (one in two seconds, until Ctrl-C)",
            "  source-app traffic --for 5m --seed 7 --output json"
        })
public final class TrafficCommand implements Callable<Integer> {

    private static final double HIGHEST_RATE = 10_000;

    private final Map<String, String> environment;
    private final StopSignal stop;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "Transactions a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "For how long, such as 500ms, 30s, 5m or 2h (default: until it is stopped).")
    private Duration time;

    @Option(names = "--seed", paramLabel = "N", description = "What chance starts from (default: the time of day).")
    private Long seed;

    @Mixin
    private OutputFormat.Option output;

    /**
     * @param environment says where the database is
     * @param stop ends the traffic
     */
    public TrafficCommand(Map<String, String> environment, StopSignal stop) {
        this.environment = requireNonNull(environment, "environment");
        this.stop = requireNonNull(stop, "stop");
    }

    @Override
    public Integer call() {
        if (!(rate > 0 && rate <= HIGHEST_RATE)) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--rate is " + rate + ": expected transactions a second, more than 0 and at most 10000");
        }
        SourceDatabase database = SourceDatabase.from(environment);
        stop.listen();
        TrafficReport report = new TrafficGenerator(
                        database,
                        rate,
                        Optional.ofNullable(time),
                        seed == null ? System.currentTimeMillis() : seed,
                        stop)
                .run();
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.isJson() ? LakeJson.pretty(report) : report.text());
        out.flush();
        return 0;
    }
}
