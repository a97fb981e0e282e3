package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.cli.Checkout;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeEnvironment;
import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.control.lake.LocalServices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How each module is started as a process of the checkout, known by its main class alone. */
public final class Modules {

    /** Starts quickly and stays small; for processes that wait more than they compute. */
    private static final List<String> LIGHT =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    /** The same for those that have much to do when there is much to load. */
    private static final List<String> BUSY = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

    private final Checkout checkout;

    public Modules(Checkout checkout) {
        this.checkout = requireNonNull(checkout, "checkout");
    }

    /** The modules of the checkout that this class is part of, run with this process's own JDK. */
    public static Modules ofThisCheckout() {
        return new Modules(Checkout.of(Modules.class));
    }

    /** The checkout. */
    public Path home() {
        return checkout.home();
    }

    /**
     * Postgres, S3 and AWS in one process.
     *
     * @param durable whether a commit in Postgres is to survive the machine going down
     */
    ProcessBuilder localAws(DataDirectory directory, int port, boolean durable) {
        return process(
                "local-aws",
                directory,
                concat(LIGHT, List.of("-Xmx384m")),
                concat(
                        List.of(
                                "dev.tenantlake.local.LocalAws",
                                "run",
                                "--data-dir",
                                directory.root().toString(),
                                "--port",
                                Integer.toString(port)),
                        durable ? List.of("--durable") : List.of()),
                Map.of());
    }

    /** Fetches the query engine if this machine does not have it yet. */
    ProcessBuilder fetchQueryEngine(DataDirectory directory) {
        return process(
                "local-aws",
                directory,
                concat(LIGHT, List.of("-Xmx256m")),
                List.of("dev.tenantlake.local.LocalAws", "fetch-query-engine"),
                Map.of());
    }

    /** A command of the shop: {@code migrate} or {@code seed …}. */
    public ProcessBuilder sourceApp(DataDirectory directory, LocalServices services, List<String> arguments) {
        return process(
                "source-app",
                directory,
                concat(BUSY, List.of("-Xmx512m")),
                concat(List.of("dev.tenantlake.source.SourceApp"), arguments),
                LakeEnvironment.ofPostgres(services, directory));
    }

    /** From Postgres to bronze. */
    ProcessBuilder cdcIngest(DataDirectory directory, LocalServices services) {
        return process(
                "cdc-ingest",
                directory,
                concat(BUSY, List.of("-Xmx512m")),
                List.of(
                        "dev.tenantlake.ingest.CdcIngest",
                        "run",
                        "--metrics-port",
                        Integer.toString(LakePorts.ingestMetrics(firstPort(services)))),
                LakeEnvironment.of(services, directory, "pipeline"));
    }

    /** From bronze to silver and gold. Its own folder says how its JVM and Spark are set up. */
    ProcessBuilder etlJobs(DataDirectory directory, LocalServices services) {
        Path conf = home().resolve("etl-jobs").resolve("conf");
        Map<String, String> environment = LakeEnvironment.of(services, directory, "pipeline");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        List<String> rules = Files.exists(directory.rules())
                ? List.of("--rules", directory.rules().toString())
                : List.of();
        return process(
                "etl-jobs",
                directory,
                List.of("@" + conf.resolve("local.jvm")),
                concat(
                        List.of(
                                "org.apache.spark.deploy.SparkSubmit",
                                "--properties-file",
                                conf.resolve("local.conf").toString(),
                                "--class",
                                "dev.tenantlake.etl.LakeJob",
                                // The job's classes are on the class path.
                                "spark-internal",
                                "--mode",
                                "continuous",
                                "--stage",
                                "all",
                                "--metrics-port",
                                Integer.toString(LakePorts.jobMetrics(firstPort(services)))),
                        rules),
                environment);
    }

    /** Role, workgroup, filters and grants of every tenant, kept in step. */
    ProcessBuilder grants(DataDirectory directory, LocalServices services) {
        return process(
                "athena-queries",
                directory,
                concat(LIGHT, List.of("-Xmx192m")),
                List.of("dev.tenantlake.query.AthenaQueries", "grants", "apply", "--watch", "2s"),
                LakeEnvironment.of(services, directory, "admin"));
    }

    /** A command of this module. */
    ProcessBuilder lakeControl(DataDirectory directory, List<String> arguments) {
        return process(
                "lake-control",
                directory,
                concat(LIGHT, List.of("-Xmx128m")),
                concat(List.of("dev.tenantlake.control.LakeControl"), arguments),
                Map.of());
    }

    /** AWS' endpoint has the first of the lake's ports. */
    private static int firstPort(LocalServices services) {
        return services.awsEndpoint().getPort();
    }

    private ProcessBuilder process(
            String module,
            DataDirectory directory,
            List<String> flags,
            List<String> mainAndArguments,
            Map<String, String> environment) {
        ProcessBuilder builder = checkout.java(module, directory.root(), flags, mainAndArguments, environment);
        builder.environment().putIfAbsent("TENANTLAKE_LOG_LEVEL", "INFO");
        return builder;
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
