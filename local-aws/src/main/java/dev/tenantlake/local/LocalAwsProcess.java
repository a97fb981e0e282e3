package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * local-aws as a process of its own, for the tests of modules that share no dependency with it: this class uses nothing
 * but the JDK. The process ends with {@link #close}, and also with the process that started it, however that ends.
 */
public final class LocalAwsProcess implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(120);
    private static final Duration TO_STOP = Duration.ofSeconds(15);

    private final Path dataDirectory;
    private final Process process;
    private final String ready;

    private LocalAwsProcess(Path dataDirectory, Process process, String ready) {
        this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory");
        this.process = requireNonNull(process, "process");
        this.ready = requireNonNull(ready, "ready");
    }

    /**
     * Starts it on free ports and waits until Postgres, S3 and the AWS services answer.
     *
     * @param dataDirectory what it keeps everything in; made if it is not there
     * @param queryEngine whether to start the query engine; it may not be up yet when this returns
     * @throws IllegalStateException if it ends before it is ready, with the last lines of its log
     */
    public static LocalAwsProcess start(Path dataDirectory, boolean queryEngine) {
        return start(dataDirectory, queryEngine, List.of());
    }

    /** As {@link #start(Path, boolean)}, with further options of {@code local-aws run}. */
    public static LocalAwsProcess start(Path dataDirectory, boolean queryEngine, List<String> options) {
        Path root = dataDirectory.toAbsolutePath();
        List<String> command = new ArrayList<>(command(runtimeClassPath()));
        command.addAll(List.of("run", "--data-dir", root.toString(), "--port", "0", "--stop-at-end-of-input"));
        if (!queryEngine) {
            command.add("--no-query-engine");
        }
        command.addAll(options);
        try {
            Files.createDirectories(root);
            Path log = root.resolve("local-aws.log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new LocalAwsProcess(root, process, awaitReady(root, process, log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start local-aws", e);
        }
    }

    /** What any client needs to know of it: the variables of the AWS SDKs and of libpq, and the bucket's name. */
    public Map<String, String> environment(String profile) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("AWS_ENDPOINT_URL", awsEndpoint().toString());
        environment.put("AWS_ENDPOINT_URL_S3", s3Endpoint().toString());
        environment.put("AWS_REGION", text("region"));
        environment.put("AWS_SHARED_CREDENTIALS_FILE", credentialsFile().toString());
        environment.put("AWS_PROFILE", profile);
        environment.put("TENANTLAKE_BUCKET", text("bucket"));
        environment.put("PGHOST", text("host"));
        environment.put("PGPORT", String.valueOf(number("port")));
        environment.put("PGDATABASE", text("database"));
        environment.put("PGUSER", text("user"));
        environment.put("PGPASSFILE", pgpassFile().toString());
        return environment;
    }

    /** The id of the access key of a profile, {@code admin} or {@code pipeline}. */
    public String accessKeyId(String profile) {
        return credential(profile, "aws_access_key_id");
    }

    /** The secret of the access key of a profile. */
    public String secretAccessKey(String profile) {
        return credential(profile, "aws_secret_access_key");
    }

    public URI awsEndpoint() {
        return URI.create(text("awsEndpoint"));
    }

    public URI s3Endpoint() {
        return URI.create(text("s3Endpoint"));
    }

    /** The address of the database, for JDBC; user and password are not part of it. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + text("host") + ":" + number("port") + "/" + text("database");
    }

    public String postgresPassword() {
        String line = read(pgpassFile()).lines().findFirst().orElseThrow();
        return line.substring(line.lastIndexOf(':') + 1);
    }

    /** The state of the query engine: {@code STARTING}, {@code READY}, {@code FAILED} or {@code OFF}. */
    public String queryEngine() {
        return text(read(dataDirectory.resolve("local-aws.json")), "queryEngine");
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        process.destroyForcibly();
        await(TO_STOP);
    }

    @Override
    public void close() {
        process.destroy();
        if (!await(TO_STOP)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "local-aws did not stop within " + TO_STOP.toSeconds() + " s and was killed: " + dataDirectory);
        }
    }

    private boolean await(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String awaitReady(Path root, Process process, Path log) {
        Path file = root.resolve("local-aws.json");
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (System.nanoTime() < deadline) {
            // A file that a run left which was killed names another process.
            String ready = readIfThere(file);
            if (!ready.isEmpty() && number(ready, "pid") == process.pid()) {
                return ready;
            }
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "local-aws ended with exit code " + process.exitValue() + ":\n" + tail(log));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        process.destroyForcibly();
        throw new IllegalStateException("local-aws was not ready within " + TO_START.toSeconds() + " s:\n" + tail(log));
    }

    private static List<String> command(String classPath) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                classPath,
                "dev.tenantlake.local.LocalAws");
    }

    /** Beside the folder or jar that this class is in lies the class path that the build wrote. */
    private static String runtimeClassPath() {
        try {
            Path self = Path.of(LocalAwsProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path file = self.resolveSibling("runtime-classpath");
            if (!Files.exists(file)) {
                throw new IllegalStateException(
                        file + " is missing: build local-aws first, with mvn -pl local-aws -am " + "process-classes");
            }
            return self + File.pathSeparator + read(file).strip();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path credentialsFile() {
        return dataDirectory.resolve("secrets").resolve("aws-credentials");
    }

    private Path pgpassFile() {
        return dataDirectory.resolve("secrets").resolve("pgpass");
    }

    private String credential(String profile, String setting) {
        Matcher matcher = Pattern.compile("\\[" + Pattern.quote(profile) + "][^\\[]*?" + setting + "\\s*=\\s*(\\S+)")
                .matcher(read(credentialsFile()));
        if (!matcher.find()) {
            throw new IllegalArgumentException("there is no profile " + profile);
        }
        return matcher.group(1);
    }

    private String text(String name) {
        return text(ready, name);
    }

    private static String text(String json, String name) {
        Matcher matcher =
                Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }

    private long number(String name) {
        return number(ready, name);
    }

    private static long number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*(\\d+)").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static String tail(Path log) {
        List<String> lines = read(log).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private static String readIfThere(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
