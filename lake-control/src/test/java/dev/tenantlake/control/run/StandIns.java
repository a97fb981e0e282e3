package dev.tenantlake.control.run;

import dev.tenantlake.cli.Checkout;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.process.SmallProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A checkout whose modules are small programs with the main classes of the real ones: they note in a file of the data
 * directory that they start and stop, and local-aws says that it answers. What starts, watches and stops them is real, and
 * in processes of its own.
 */
final class StandIns {

    private static final String PROGRAM = """
            package %s;

            import java.nio.file.*;
            import java.util.concurrent.CountDownLatch;

            public final class %s {
                public static void main(String[] arguments) throws Exception {
                    Path home = Path.of(System.getProperty("tenantlake.data-dir"));
                    String name = "%s";
                    String command = arguments.length == 0 ? "" : arguments[0];
                    if (command.equals("fetch-query-engine")) {
                        return;
                    }
                    Path failing = home.resolve("fail-" + (name.equals("source-app") ? command : name));
                    if (Files.exists(failing)) {
                        System.err.println(Files.readString(failing));
                        System.exit(1);
                    }
                    String noted = name.equals("source-app") ? name + " " + String.join(" ", arguments) : name;
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> note(home, "stop " + name)));
                    note(home, "start " + noted);
                    if (name.equals("source-app")) {
                        Runtime.getRuntime().halt(0);
                    }
                    if (name.equals("local-aws")) {
                        ready(arguments);
                    }
                    new CountDownLatch(1).await();
                }

                static void ready(String[] arguments) throws Exception {
                    Path directory = Path.of(arguments[2]);
                    int port = Integer.parseInt(arguments[4]);
                    Path next = directory.resolve("next");
                    Files.writeString(next, String.format("{\\"pid\\":%%d,\\"awsEndpoint\\":\\"http://127.0.0.1:%%d\\","
                            + "\\"s3Endpoint\\":\\"http://127.0.0.1:%%d\\",\\"postgres\\":{\\"host\\":\\"127.0.0.1\\",\\"port\\":%%d,"
                            + "\\"database\\":\\"shop\\",\\"user\\":\\"postgres\\"},\\"region\\":\\"us-east-1\\","
                            + "\\"bucket\\":\\"tenantlake\\",\\"queryEngine\\":\\"READY\\",\\"queryEngineFailure\\":null}",
                            ProcessHandle.current().pid(), port, port + 1, port + 2));
                    Files.move(next, directory.resolve("local-aws.json"), StandardCopyOption.ATOMIC_MOVE);
                }

                static void note(Path home, String line) {
                    try {
                        Files.writeString(home.resolve("notes"), line + "\\n",
                                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
            """;

    private final Path home;

    StandIns(Path home) throws IOException {
        this.home = home;
        compile("local-aws", "dev.tenantlake.local", "LocalAws");
        compile("source-app", "dev.tenantlake.source", "SourceApp");
        compile("cdc-ingest", "dev.tenantlake.ingest", "CdcIngest");
        compile("etl-jobs", "org.apache.spark.deploy", "SparkSubmit");
        compile("athena-queries", "dev.tenantlake.query", "AthenaQueries");
        Path conf = Files.createDirectories(home.resolve("etl-jobs/conf"));
        Files.writeString(conf.resolve("local.jvm"), "-Xmx64m\n");
        Path real = Files.createDirectories(home.resolve("lake-control/target/classes"));
        Files.writeString(real.resolveSibling("runtime-classpath"), absoluteClassPath());
    }

    /** This process's own; the supervisor runs in another directory. */
    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    Modules modules() {
        return new Modules(new Checkout(home, Path.of(System.getProperty("java.home"))));
    }

    /** What the programs noted so far in a data directory. */
    static List<String> notes(DataDirectory directory) {
        return SmallProcess.notes(directory.root().resolve("notes"));
    }

    /** The file with whose content as its last line a program ends with 1: a module, or {@code migrate} or {@code seed}. */
    static Path failing(DataDirectory directory, String name) {
        return directory.root().resolve("fail-" + name);
    }

    private void compile(String module, String packageName, String className) {
        try {
            Path target = home.resolve(module).resolve("target");
            Path source = Files.createDirectories(target).resolve(className + ".java");
            Files.writeString(source, PROGRAM.formatted(packageName, className, module));
            Files.writeString(
                    target.resolve("runtime-classpath"),
                    target.resolve("classes").toString());
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            int code = compiler.run(
                    null, null, null, "-d", target.resolve("classes").toString(), source.toString());
            if (code != 0) {
                throw new IllegalStateException("the stand-in for " + module + " does not compile");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
