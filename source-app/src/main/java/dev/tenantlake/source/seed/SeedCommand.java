package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.source.console.OutputFormat;
import dev.tenantlake.source.console.Progress;
import dev.tenantlake.source.database.SourceDatabase;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code source-app seed}. */
@Command(
        name = "seed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fills the shop with six months of history, in one transaction; migrates it first.",
            "The same --scale or --rows, --seed, --tenants and --until give the same rows."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  source-app seed --scale small",
            "  source-app seed --scale medium --seed 7 --clean --output json",
            "  source-app seed --rows 10000000 --tenants 8",
            "  source-app seed --until 2026-01-01     (the same rows on any day)"
        })
public final class SeedCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scale",
            paramLabel = "small|medium|large",
            converter = ScaleConverter.class,
            description = "How many rows: small (default) about 17 thousand, medium about 540 thousand, large about 3"
                    + " million.")
    private SeedScale scale;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "About so many rows over all tables, in the proportions of large; in place of --scale.")
    private Long rows;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What chance starts from (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--tenants",
            paramLabel = "N",
            description = "Among how many tenants the rows are divided (default: small 4, medium 8, large 20; at most:"
                    + " small 10, medium 100, large 400; with --rows as many as have 8 products each).")
    private Integer tenants;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "The day with whose beginning, in UTC, the history ends (default: today, so that it is fresh;"
                    + " name a day to get the same rows on any other).")
    private LocalDate until;

    @Option(names = "--clean", description = "Remove all rows of the shop first, in the same transaction.")
    private boolean clean;

    @Mixin
    private OutputFormat.Option output;

    public SeedCommand(Map<String, String> environment) {
        this.environment = requireNonNull(environment, "environment");
    }

    @Override
    public Integer call() {
        SeedScale asked = asked();
        SeedPlan plan = new SeedPlan(
                asked,
                seed,
                tenants == null ? asked.tenants() : tenants,
                until == null ? LocalDate.now(ZoneOffset.UTC) : until);
        plan.requireMemory(Runtime.getRuntime().maxMemory());
        SourceDatabase database = SourceDatabase.from(environment);
        SeedReport report;
        try (Progress progress = Progress.onStandardError("seed", asked.rows())) {
            report = new Seeder(database).seed(plan, clean, progress);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(output.isJson() ? LakeJson.pretty(report) : report.text());
        out.flush();
        return 0;
    }

    private SeedScale asked() {
        if (rows == null) {
            return scale == null ? SeedScale.SMALL : scale;
        }
        if (scale != null) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--scale and --rows are both given: expected one of them to say how many rows");
        }
        return SeedScale.ofRows(rows);
    }

    static final class ScaleConverter implements ITypeConverter<SeedScale> {

        @Override
        public SeedScale convert(String value) {
            return SeedScale.named(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + value + "' is not a scale: expected one of " + SeedScale.choices()));
        }
    }

    static final class DateConverter implements ITypeConverter<LocalDate> {

        @Override
        public LocalDate convert(String value) {
            try {
                return LocalDate.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("'" + value + "' is not a day: expected one such as 2026-01-31");
            }
        }
    }
}
