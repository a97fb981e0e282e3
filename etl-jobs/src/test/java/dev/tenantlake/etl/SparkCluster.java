package dev.tenantlake.etl;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone Spark cluster of a master and workers, each a process of its own on the loopback, with a Spark home as an
 * installation has it: a folder of jars, and none of ours among them.
 */
final class SparkCluster implements AutoCloseable {

    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://127\\.0\\.0\\.1:\\d+)");
    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;
    private final Path home;
    private final List<Path> jars = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final String url;

    SparkCluster(Path directory, int workers) throws IOException {
        this.directory = directory;
        this.home = Files.createDirectories(directory.resolve("home/jars")).getParent();
        for (String entry :
                Files.readString(Path.of("target/runtime-classpath")).strip().split(":")) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isRegularFile(path)) {
                Path link = home.resolve("jars").resolve(path.getFileName());
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, path);
                }
            }
        }
        // The application: what a build packs into the modules' jars.
        jars.add(jar("etl-jobs.jar", Path.of("target/classes")));
        jars.add(jar("lake-model.jar", Path.of("../lake-model/target/classes")));
        jars.add(jar("lake-parquet.jar", Path.of("../lake-parquet/target/classes")));
        start("master", "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0");
        this.url = awaitInLog("master", MASTER).group(1);
        for (int worker = 1; worker <= workers; worker++) {
            start(
                    "worker-" + worker,
                    "org.apache.spark.deploy.worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "900M",
                    "--webui-port",
                    "0",
                    "--work-dir",
                    work(worker).toString(),
                    url);
            awaitInLog("worker-" + worker, Pattern.compile("Successfully registered with master"));
        }
    }

    /** {@code spark://…} */
    String url() {
        return url;
    }

    /** The processes of the master, the workers and the executors. */
    List<ProcessHandle> processes() {
        return processes.stream()
                .map(Process::toHandle)
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
    }

    /** How many tasks the executors of a worker have finished, of all applications. */
    long finishedTasks(int worker) throws IOException {
        try (Stream<Path> files = Files.walk(work(worker))) {
            return files.filter(file -> file.getFileName().toString().equals("stderr"))
                    .flatMap(SparkCluster::lines)
                    .filter(line -> line.contains("Executor: Finished task"))
                    .count();
        }
    }

    /** Starts an application through SparkSubmit, as on any cluster. */
    Process submit(Class<?> main, Map<String, String> settings, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                url,
                "--properties-file",
                "conf/cluster.conf",
                "--jars",
                jars.get(1) + "," + jars.get(2),
                "--class",
                main.getName()));
        settings.forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
        command.add(jars.get(0).toString());
        command.addAll(List.of(arguments));
        return launch("driver", List.of("@conf/local.jvm"), environment, command);
    }

    String log(String process) throws IOException {
        return Files.readString(directory.resolve(process + ".log"));
    }

    private void start(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(main, "--host", "127.0.0.1"));
        command.addAll(List.of(arguments));
        launch(name, List.of("-Xmx256m", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"), Map.of(), command);
    }

    private Process launch(String name, List<String> jvm, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        // Web interfaces listen there, too.
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Path work(int worker) {
        return directory.resolve("work-" + worker).toAbsolutePath();
    }

    private Matcher awaitInLog(String name, Pattern wanted) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            Matcher matcher = wanted.matcher(log(name));
            if (matcher.find()) {
                return matcher;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " does not say '" + wanted + "': " + log(name));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private Path jar(String name, Path classes) throws IOException {
        Path jar = directory.resolve(name).toAbsolutePath();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the processes, the last started first: workers end their executors. */
    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            Process process = processes.get(i);
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
