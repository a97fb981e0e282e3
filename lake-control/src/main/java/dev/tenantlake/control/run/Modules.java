package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeEnvironment;
import dev.tenantlake.control.lake.LakePorts;
import dev.tenantlake.control.lake.LocalServices;
import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How each module is started as a process: from the classes and the class path that the build left in its folder, known by
 * its main class alone. The class path goes by environment, so that a process list shows what runs and not fifty jars.
 */
public final class Modules {

    /** Where the checkout is, if not where this class was loaded from. */
    public static final String HOME_PROPERTY = "tenantlake.home";
    /** Says in a process list which lake a process belongs to. */
    private static final String DATA_DIRECTORY_PROPERTY = "tenantlake.data-dir";

    /** Starts quickly and stays small; for processes that wait more than they compute. */
    private static final List<String> LIGHT =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    /** The same for those that have much to do when there is much to load. */
    private static final List<String> BUSY = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

    private final Path home;
    private final Path java;

    /**
     * @param home the checkout
     * @param javaHome of the JDK 17 to run the modules with
     */
    public Modules(Path home, Path javaHome) {
        this.home = requireNonNull(home, "home");
        this.java = javaHome.resolve("bin").resolve("java");
    }

    /** The modules of the checkout that this class is part of, run with this process's own JDK. */
    public static Modules ofThisCheckout() {
        String home = System.getProperty(HOME_PROPERTY);
        return new Modules(home == null ? homeOfThisClass() : Path.of(home), Path.of(System.getProperty("java.home")));
    }

    /** The checkout. */
    public Path home() {
        return home;
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
        Path conf = home.resolve("etl-jobs").resolve("conf");
        Map<String, String> environment = LakeEnvironment.of(services, directory, "pipeline");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        return process(
                "etl-jobs",
                directory,
                List.of("@" + conf.resolve("local.jvm")),
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
                concat(LIGHT, List.of("-Xmx128m", "-D" + HOME_PROPERTY + "=" + home)),
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
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(flags);
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("-Djava.io.tmpdir=" + directory.temporary());
        command.add("-D" + DATA_DIRECTORY_PROPERTY + "=" + directory.root());
        command.addAll(mainAndArguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.root().toFile());
        LakeEnvironment.removeForeign(builder.environment());
        builder.environment().put("CLASSPATH", classPath(module));
        builder.environment().put("JAVA_HOME", java.getParent().getParent().toString());
        builder.environment().putIfAbsent("TENANTLAKE_LOG_LEVEL", "INFO");
        builder.environment().putAll(environment);
        return builder;
    }

    private String classPath(String module) {
        Path target = home.resolve(module).resolve("target");
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("runtime-classpath")).strip();
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    module + " is not built: " + target.resolve("runtime-classpath")
                            + " cannot be read; build with mvn -DskipTests process-classes, or start with ./tenantlake",
                    e);
        }
    }

    private static Path homeOfThisClass() {
        try {
            // <home>/lake-control/target/classes
            Path classes = Path.of(Modules.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.getParent().getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes lie at no path", e);
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
