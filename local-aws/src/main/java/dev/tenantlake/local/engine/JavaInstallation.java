package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JDK on this machine.
 *
 * @param home its directory, in which {@code bin/java} is
 * @param version what its {@code release} file says, {@code 25.0.3}
 */
record JavaInstallation(Path home, String version) {

    /** Names the JDK that Trino is to run on, and no other is looked for. */
    static final String NAMED = "TENANTLAKE_TRINO_JAVA_HOME";
    /** The oldest release that Trino 476 runs on, by its README. */
    private static final int OLDEST = 24;
    /** The release that it is tested on here. */
    private static final int TESTED = 25;

    /** Where the packages of Linux distributions and of macOS put theirs. */
    private static final List<Path> OF_THE_SYSTEM =
            List.of(Path.of("/usr/lib/jvm"), Path.of("/Library/Java/JavaVirtualMachines"));

    private static final Logger LOG = LoggerFactory.getLogger(JavaInstallation.class);

    JavaInstallation {
        requireNonNull(home, "home");
        requireNonNull(version, "version");
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    /** The number of its release, 25 of {@code 25.0.3}. */
    int feature() {
        String digits = version.split("\\D", 2)[0];
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /**
     * The JDK for Trino: the named one if one is named, else the tested release, else the oldest that will do.
     *
     * @throws LakeException of kind {@code UNFIT} if there is none
     */
    static JavaInstallation forTrino(Map<String, String> environment) {
        return forTrino(environment, OF_THE_SYSTEM);
    }

    static JavaInstallation forTrino(Map<String, String> environment, List<Path> ofTheSystem) {
        String named = environment.getOrDefault(NAMED, "");
        if (!named.isBlank()) {
            return read(Path.of(named))
                    .filter(found -> found.feature() >= OLDEST)
                    .orElseThrow(() -> new LakeException(
                            LakeException.Kind.UNFIT,
                            NAMED + " is '" + named + "', which is no JDK " + OLDEST
                                    + " or later: set it to the directory of one, or unset it"));
        }
        Map<String, List<Path>> places = places(environment, ofTheSystem);
        return places.values().stream()
                .flatMap(List::stream)
                .flatMap(home -> read(home).stream())
                .filter(found -> found.feature() >= OLDEST)
                .min(Comparator.comparing((JavaInstallation found) -> found.feature() != TESTED)
                        .thenComparing(JavaInstallation::feature))
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.UNFIT,
                        "Trino needs a JDK " + OLDEST + " or later (" + TESTED + " is tested); none was found in "
                                + String.join(", ", places.keySet()) + "; install one or set " + NAMED));
    }

    /** Where JDKs lie, by what a person calls the place. */
    private static Map<String, List<Path>> places(Map<String, String> environment, List<Path> ofTheSystem) {
        Map<String, List<Path>> places = new LinkedHashMap<>();
        List<Path> variables = new ArrayList<>();
        environment.forEach((name, value) -> {
            // Continuous integration's runners name each JDK that they have: JAVA_HOME_25_X64.
            if ((name.equals("JAVA_HOME") || name.startsWith("JAVA_HOME_")) && !value.isBlank()) {
                variables.add(Path.of(value));
            }
        });
        places.put("JAVA_HOME", variables);
        places.put("PATH", onPath(environment));
        ofTheSystem.forEach(directory -> places.put(directory.toString(), within(directory)));
        Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
        places.put("~/.sdkman/candidates/java", within(home.resolve(".sdkman/candidates/java")));
        places.put("~/.jdks", within(home.resolve(".jdks")));
        return places;
    }

    private static List<Path> onPath(Map<String, String> environment) {
        Set<Path> homes = new LinkedHashSet<>();
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path java = Path.of(directory.isBlank() ? "." : directory, "java");
            if (Files.isExecutable(java)) {
                try {
                    homes.add(java.toRealPath().getParent().getParent());
                } catch (IOException e) {
                    LOG.debug("event=java_passed_over path={}", java, e);
                }
            }
        }
        return List.copyOf(homes);
    }

    private static List<Path> within(Path directory) {
        List<Path> homes = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    homes.add(entry);
                    homes.add(entry.resolve("Contents/Home"));
                }
            } catch (IOException e) {
                LOG.debug("event=java_passed_over path={}", directory, e);
            }
        }
        return homes;
    }

    private static Optional<JavaInstallation> read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isRegularFile(release)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("event=java_passed_over path={}", home, e);
            return Optional.empty();
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        return Optional.of(new JavaInstallation(home.toAbsolutePath(), version));
    }
}
