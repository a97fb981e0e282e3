package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches Trino's server archive through Maven, so that the user's own settings say from where: mirrors, proxies,
 * credentials and the local repository, where it may lie already.
 */
final class TrinoDownload {

    private static final String ARTIFACT = "io.trino:trino-server:" + TrinoDistribution.VERSION + ":tar.gz";
    private static final String ARCHIVE = "trino-server-" + TrinoDistribution.VERSION + ".tar.gz";
    /** The version that the build itself uses, so that it need not be fetched. */
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy";
    /** Maven's own progress, for one of several transfers; what is smaller than this is not the archive. */
    private static final Pattern PROGRESS = Pattern.compile("(\\d+(?:\\.\\d+)?)/(\\d{3,}) MB");

    private static final Logger LOG = LoggerFactory.getLogger(TrinoDownload.class);

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Map<String, String> environment;
    private final Consumer<String> progress;

    TrinoDownload(Map<String, String> environment, Consumer<String> progress) {
        this.environment = Map.copyOf(environment);
        this.progress = requireNonNull(progress, "progress");
    }

    /**
     * Puts the archive into a directory.
     *
     * @return the archive's file
     * @throws LakeException of kind {@code UNFIT} if Maven is missing, {@code UNAVAILABLE} if it does not get it
     */
    Path into(Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("maven.log");
        // A directory without a project, so that nothing but the user's settings has a say.
        Process maven = new ProcessBuilder(
                        List.of(maven().toString(), COPY, "-Dartifact=" + ARTIFACT, "-DoutputDirectory=" + directory))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        progress.accept("fetching Trino " + TrinoDistribution.VERSION + " through Maven (821 MB, once)");
        Thread onShutdown = new Thread(() -> end(maven), "maven-end");
        Runtime.getRuntime().addShutdownHook(onShutdown);
        try {
            String said = "";
            while (!maven.waitFor(1, TimeUnit.SECONDS)) {
                String state = transferred(output).orElse(said);
                if (!state.equals(said)) {
                    progress.accept(state);
                    said = state;
                }
            }
        } finally {
            end(maven);
            forget(onShutdown);
        }
        Path archive = directory.resolve(ARCHIVE);
        if (maven.exitValue() != 0 || !Files.isRegularFile(archive)) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Trino " + TrinoDistribution.VERSION + " could not be fetched through Maven: " + complaint(output)
                            + "; see that this machine is online and that Maven's settings let it get " + ARTIFACT
                            + ", then try again");
        }
        return archive;
    }

    private static void end(Process maven) {
        maven.descendants().forEach(ProcessHandle::destroy);
        maven.destroy();
    }

    private static void forget(Thread onShutdown) {
        try {
            Runtime.getRuntime().removeShutdownHook(onShutdown);
        } catch (IllegalStateException e) {
            LOG.debug("event=fetch_ended_by_shutdown");
        }
    }

    private Path maven() {
        List<Path> directories = new ArrayList<>();
        for (String variable : List.of("MAVEN_HOME", "M2_HOME")) {
            String home = environment.getOrDefault(variable, "");
            if (!home.isBlank()) {
                directories.add(Path.of(home, "bin"));
            }
        }
        Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isBlank())
                .map(Path::of)
                .forEach(directories::add);
        return directories.stream()
                .map(directory -> directory.resolve("mvn"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.UNFIT,
                        "Trino is fetched through Maven, and there is no mvn on the PATH: install Maven 3.8.7 or later,"
                                + " or set MAVEN_HOME"));
    }

    /** What Maven said last about a big transfer, in steps that are worth a line. */
    private static Optional<String> transferred(Path output) throws IOException {
        String text = read(output);
        Matcher matcher = PROGRESS.matcher(text.substring(Math.max(0, text.length() - 200)));
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            double done = Double.parseDouble(matcher.group(1));
            double all = Double.parseDouble(matcher.group(2));
            long percent = (long) (100 * done / all) / 5 * 5;
            last = Optional.of("fetching Trino: " + percent + "% of " + matcher.group(2) + " MB");
        }
        return last;
    }

    /** Why Maven failed, in one line and without the addresses that it names. */
    private static String complaint(Path output) throws IOException {
        return read(output)
                .lines()
                .map(line -> COLOUR.matcher(line).replaceAll(""))
                .filter(line -> line.startsWith("[ERROR]"))
                .map(line -> line.substring("[ERROR]".length()).strip())
                .findFirst()
                .map(line -> line.replaceAll("\\(?https?://\\S+", "").replaceAll("\\s*-> .*", ""))
                .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line)
                .orElse("mvn ended without saying why");
    }

    private static String read(Path output) throws IOException {
        return Files.isRegularFile(output) ? Files.readString(output, StandardCharsets.ISO_8859_1) : "";
    }
}
