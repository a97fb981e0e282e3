package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Trino server, and the process that it is. It ends with this one, however this one ends. */
final class TrinoProcess implements AutoCloseable {

    private static final String HEAP = "1200M";
    private static final Duration START = Duration.ofMinutes(5);
    /** How long it may take to end; the first time, it writes down the classes that it has read. */
    private static final Duration STOP = Duration.ofSeconds(10);
    /** How often another port is tried when one was taken between finding it free and listening on it. */
    private static final int PORTS = 3;

    private static final Pattern CONFIGURATION_ERROR = Pattern.compile("\\d+\\) (.+)");
    private static final List<String> VIRTUAL_MACHINE_ERRORS = List.of("Error", "Exception in", "Terminating due to");

    private static final Logger LOG = LoggerFactory.getLogger(TrinoProcess.class);

    private final Process process;
    private final URI address;
    private final Path log;

    private TrinoProcess(Process process, URI address, Path log) {
        this.process = requireNonNull(process, "process");
        this.address = requireNonNull(address, "address");
        this.log = requireNonNull(log, "log");
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @throws LakeException of kind {@code UNFIT} if it does not start
     */
    static TrinoProcess start(
            TrinoDistribution distribution,
            JavaInstallation java,
            TrinoSettings settings,
            TrinoTokens tokens,
            PolicyServer policies)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            settings.write(distribution.home().resolve("plugin"), tokens, policies, port);
            TrinoProcess trino = launch(distribution, java, settings, port);
            try {
                if (trino.awaitStart()) {
                    return trino;
                }
            } catch (InterruptedException | RuntimeException e) {
                trino.close();
                throw e;
            }
            boolean taken = Files.readString(settings.log(), StandardCharsets.ISO_8859_1)
                    .contains("Address already in use");
            if (!taken || attempt == PORTS) {
                throw new LakeException(
                        LakeException.Kind.UNFIT,
                        "Trino ended while it started: " + trino.lastWords() + " (see " + settings.log() + ")");
            }
            LOG.info("event=trino_port_taken port={}", port);
        }
    }

    private static TrinoProcess launch(
            TrinoDistribution distribution, JavaInstallation java, TrinoSettings settings, int port)
            throws IOException {
        Path launcher = distribution.launcher();
        List<String> command = List.of(
                java.java().toString(),
                "-Xmx" + HEAP,
                // Small and short-lived: what these save at the start is more than they cost later.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + distribution.sharedClasses(java, launcher),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + settings.directory().resolve("crash.log"),
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                // What Trino's own launcher sets, by its documentation of jvm.config.
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+EnableDynamicAgentLoading",
                "-Djdk.attach.allowAttachSelf=true",
                "-Duser.timezone=UTC",
                "-Djava.net.preferIPv4Stack=true",
                "-Djava.io.tmpdir=" + settings.temporary(),
                "-Dconfig=" + settings.directory().resolve("etc/config.properties"),
                "-cp",
                launcher + File.pathSeparator + distribution.home().resolve("lib") + "/*",
                TrinoLauncher.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(settings.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(settings.log().toFile());
        // Nothing of this process's settings and credentials is for it, and nothing of the user's.
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "");
        environment.clear();
        environment.putAll(Map.of(
                "PATH",
                path,
                "LANG",
                "C.UTF-8",
                "HOME",
                settings.directory().toString(),
                "AWS_EC2_METADATA_DISABLED",
                "true"));
        Process process = builder.start();
        LOG.debug("event=trino_launched pid={} port={} java={}", process.pid(), port, java.home());
        return new TrinoProcess(process, URI.create("http://127.0.0.1:" + port), settings.log());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether it came to answer, and not to its end. */
    private boolean awaitStart() throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/v1/info"))
                .timeout(Duration.ofSeconds(5))
                .build();
        Instant deadline = Instant.now().plus(START);
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200 && response.body().contains("\"starting\":false")) {
                    return true;
                }
            } catch (IOException e) {
                LOG.trace("event=trino_not_up message={}", e.getMessage());
            }
            if (Instant.now().isAfter(deadline)) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        "Trino does not answer " + START.toSeconds() + " s after its start (see " + log + ")");
            }
        }
        return false;
    }

    /** Where it listens. */
    URI address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end. */
    void await() throws InterruptedException {
        process.waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Why it ended, as far as it has told, in one line. */
    String lastWords() throws IOException {
        String words = "exit code " + process.exitValue();
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            Matcher configuration = CONFIGURATION_ERROR.matcher(line);
            if (configuration.matches()) {
                return shorten(configuration.group(1));
            }
            if (line.contains("\tERROR\t") || VIRTUAL_MACHINE_ERRORS.stream().anyMatch(line::startsWith)) {
                words = shorten(line.substring(line.lastIndexOf('\t') + 1));
            }
        }
        return words;
    }

    private static String shorten(String line) {
        String text = line.strip();
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    /** Ends it, and returns when it has ended. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=trino_killed pid={} after_s={}", process.pid(), STOP.toSeconds());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        process.destroyForcibly();
        // That cannot be put off, so there is an end to this.
        process.onExit().join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
