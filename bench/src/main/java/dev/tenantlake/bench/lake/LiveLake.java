package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.bench.process.LogFile;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.process.Workspace;
import dev.tenantlake.cli.Checkout;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole lake, started and stopped with the launcher as a user does. */
public final class LiveLake implements AutoCloseable {

    private static final Duration TO_START = Duration.ofMinutes(8);
    private static final Duration TO_SEED = Duration.ofMinutes(10);
    private static final Duration TO_FOLLOW = Duration.ofMinutes(15);
    private static final Duration TO_ANSWER = Duration.ofMinutes(2);
    private static final Duration TO_STOP = Duration.ofMinutes(2);

    /** What the query command says when it is done, on standard error. */
    private static final Pattern SUMMARY =
            Pattern.compile(".*?([0-9.]+) (B|kB|MB|GB) scanned, ([0-9.]+) s \\(engine .*");

    private static final Map<String, Double> UNITS = Map.of("B", 1.0, "kB", 1e3, "MB", 1e6, "GB", 1e9);

    private final Checkout checkout;
    private final Workspace workspace;
    private final Path dataDirectory;
    private LakeAddress address;

    private LiveLake(Checkout checkout, Workspace workspace, Path dataDirectory) {
        this.checkout = requireNonNull(checkout, "checkout");
        this.workspace = requireNonNull(workspace, "workspace");
        this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory");
    }

    /**
     * Starts it, fills the shop, and returns when gold and the grants hold all of that.
     *
     * @param rows about how many, over all tables
     * @param tenants among which they are divided
     */
    public static LiveLake start(Checkout checkout, Workspace workspace, long rows, int tenants) {
        LiveLake lake = new LiveLake(checkout, workspace, workspace.folder("live"));
        workspace.keep(lake);
        lake.run(TO_START, "up", "--port", "0", "--timeout", TO_START.toMinutes() + "m");
        lake.run(TO_SEED, "seed", "--rows", Long.toString(rows), "--tenants", Integer.toString(tenants));
        lake.awaitAll();
        lake.address = LakeAddress.find(lake.dataDirectory)
                .orElseThrow(() -> new LakeException(LakeException.Kind.UNFIT, "local-aws has no ready file"));
        return lake;
    }

    public LakeAddress address() {
        return address;
    }

    /** Returns when gold and the grants hold all that was committed by now. */
    public void awaitAll() {
        run(TO_FOLLOW, "wait", "--timeout", TO_FOLLOW.toMinutes() + "m");
    }

    /** Starts the shop's traffic. */
    public RunningProcess startTraffic(int rate, Duration time) {
        return workspace.start(
                "traffic",
                command(
                        "traffic",
                        "--rate",
                        Integer.toString(rate),
                        "--for",
                        time.toSeconds() + "s",
                        "--output",
                        "json"));
    }

    /** Every metric that the lake can be asked for. */
    public List<MetricQuestion> metrics() {
        List<MetricQuestion> questions = new ArrayList<>();
        for (JsonNode metric : said("metrics", "--output", "json")) {
            String name = metric.path("name").asText();
            JsonNode definition = said("metrics", "show", name, "--output", "json");
            List<String> parameters = new ArrayList<>();
            definition.path("defaults").forEach(literal -> parameters.add(literal.asText()));
            questions.add(new MetricQuestion(name, definition.path("sql").asText(), parameters));
        }
        return questions;
    }

    /**
     * A question that was asked with the query command.
     *
     * @param at when its answer was there
     * @param lastLine of the answer, as CSV
     * @param seconds that the query took, as the command says it
     * @param bytes that it read, to as many digits as the command says
     */
    public record Asked(Instant at, String lastLine, double seconds, double bytes) {}

    /**
     * Asks with the query command.
     *
     * @param tenant the slug of the tenant whose analyst asks
     * @param isLive whether to ask of what silver does not hold yet, too
     */
    public Asked ask(String tenant, List<String> question, boolean isLive) {
        List<String> arguments = new ArrayList<>(List.of("query"));
        arguments.addAll(question);
        arguments.addAll(List.of("--as", "analyst:" + tenant, "--output", "csv"));
        if (isLive) {
            arguments.add("--live");
        }
        try (RunningProcess process = workspace.start("query", command(arguments.toArray(String[]::new)))) {
            process.awaitSuccess(TO_ANSWER);
            Instant at = Instant.now();
            workspace.forget(process);
            String said = process.log().lastLine().orElse("");
            Matcher summary = SUMMARY.matcher(said);
            if (!summary.matches()) {
                throw new LakeException(LakeException.Kind.UNFIT, "the query command said: " + said);
            }
            return new Asked(
                    at,
                    process.output().lines().reduce("", (before, line) -> line),
                    Double.parseDouble(summary.group(3)),
                    Double.parseDouble(summary.group(1)) * UNITS.get(summary.group(2)));
        }
    }

    /** What a service of the lake has logged by now. */
    public LogFile log(String service) {
        return new LogFile(dataDirectory.resolve("logs").resolve(service + ".log"));
    }

    /**
     * The lake's processes by what they are; of Postgres the parent of the others.
     *
     * @throws LakeException of kind {@code UNFIT} if a service does not run, or was started more than once: then what was
     *     measured is not of one process
     */
    public Map<String, List<Long>> processes() {
        JsonNode said = said("status", "--output", "json");
        Map<String, List<Long>> processes = new LinkedHashMap<>();
        for (JsonNode service : said.path("services")) {
            String name = service.path("name").asText();
            if (!service.has("pid")) {
                continue;
            }
            if (service.path("restarts").asInt() > 0) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        name + " died and was started again: "
                                + service.path("lastError").asText());
            }
            processes.put(name, List.of(service.path("pid").asLong()));
        }
        split(processes);
        processes.put("supervisor", List.of(said.path("supervisorPid").asLong()));
        for (String expected : List.of("local-aws", "Postgres", "Trino", "cdc-ingest", "etl-jobs", "athena-queries")) {
            if (!processes.containsKey(expected)) {
                throw new LakeException(
                        LakeException.Kind.UNFIT, expected + " does not run: " + processes.keySet() + " do");
            }
        }
        return processes;
    }

    /** The query engine is a child of local-aws, and Postgres nobody's; both are of interest by themselves. */
    private void split(Map<String, List<Long>> processes) {
        processes.put("Postgres", List.of(address.postmaster()));
        for (long parent : processes.getOrDefault("local-aws", List.of())) {
            ProcessHandle.of(parent).stream()
                    .flatMap(ProcessHandle::children)
                    .filter(child -> child.info()
                            .command()
                            .filter(command -> command.endsWith("java"))
                            .isPresent())
                    .forEach(child -> processes.put("Trino", List.of(child.pid())));
        }
    }

    /** What a command that ends at once prints as JSON. */
    private JsonNode said(String... arguments) {
        try (RunningProcess process = workspace.start(arguments[0], command(arguments))) {
            process.awaitSuccess(TO_ANSWER);
            workspace.forget(process);
            return LakeJson.read(
                    process.output().getBytes(StandardCharsets.UTF_8), JsonNode.class, String.join(" ", arguments));
        }
    }

    private void run(Duration atMost, String... arguments) {
        try (RunningProcess process = workspace.start(arguments[0], command(arguments))) {
            process.awaitSuccess(atMost);
            workspace.forget(process);
        }
    }

    private ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(checkout.home().resolve("tenantlake").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Checkout.removeForeign(builder.environment());
        builder.environment().put("TENANTLAKE_DATA_DIR", dataDirectory.toString());
        builder.environment().remove("CLASSPATH");
        return builder;
    }

    /** Stops it and removes its data. */
    @Override
    public void close() {
        try {
            // While the bench is being stopped the workspace starts nothing any more.
            Process down = command("down")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            down.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workspace.forget(this);
        workspace.remove(dataDirectory);
    }
}
