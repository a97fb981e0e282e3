package dev.tenantlake.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** cdc-ingest as the process that it is in earnest: with the class path of the build, and 512 MB of heap. */
final class IngestProcess implements AutoCloseable {

    private static final int TO_END_SECONDS = 60;

    private final Process process;
    private final Path output;

    private IngestProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it with the arguments of its command line. */
    static IngestProcess start(Map<String, String> environment, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // Quick to start, which is most of what it does here.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                "target/classes:"
                        + Files.readString(Path.of("target", "runtime-classpath"))
                                .strip(),
                CdcIngest.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "ingest-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new IngestProcess(builder.start(), output);
    }

    /** Starts it on a test's lake, with short epochs. */
    static IngestProcess start(TestLake lake, Path folder, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                IngestConfig.SLOT,
                lake.name(),
                IngestConfig.EPOCH_AGE,
                "200ms",
                IngestConfig.WORK_DIR,
                folder.toString()));
        arguments.addAll(List.of(options));
        return start(lake.environment(), folder, arguments.toArray(String[]::new));
    }

    /** Ends it as a crash would, with no chance to tidy up. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Tells it to end, as a supervisor would. */
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, and gives its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(TO_END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end within " + TO_END_SECONDS + " s:\n" + output());
        }
        return process.exitValue();
    }

    /** What it wrote so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
