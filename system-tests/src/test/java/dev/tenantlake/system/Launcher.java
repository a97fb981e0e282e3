package dev.tenantlake.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the launcher at the root of the checkout, as a user does, on one data directory. */
final class Launcher {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Pattern EXPORT = Pattern.compile("export ([A-Z0-9_]+)='?([^']*)'?");

    private final Path dataDirectory;

    Launcher(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    /** Runs a command to its end. */
    Outcome run(String... arguments) {
        return run(Map.of(), arguments);
    }

    /** Runs a command to its end, with these variables besides. */
    Outcome run(Map<String, String> environment, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(ROOT.resolve("tenantlake").toString()));
        command.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile("tenantlake", ".out");
            Path err = Files.createTempFile("tenantlake", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().put("TENANTLAKE_DATA_DIR", dataDirectory.toString());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroy();
                    throw new AssertionError(command + " did not end within " + LONGEST + ": " + Files.readString(err));
                }
                return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while it ran " + command, e);
        }
    }

    /** Runs a command that must end well. */
    Outcome succeed(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(String.join(" ", arguments) + " failed: " + outcome);
        }
        return outcome;
    }

    /** The variables that {@code env} exports for a principal. */
    Map<String, String> environment(String principal) {
        Map<String, String> variables = new HashMap<>();
        for (String line : succeed("env", "--as", principal).output().split("\n")) {
            Matcher export = EXPORT.matcher(line);
            if (export.matches()) {
                variables.put(export.group(1), export.group(2));
            }
        }
        return variables;
    }

    /** How a command ended, and what it printed. */
    record Outcome(int exitCode, String output, String error) {
        /** The last line on standard error: where a command says why it failed. */
        String lastErrorLine() {
            String[] lines = error.strip().split("\n");
            return lines[lines.length - 1];
        }

        byte[] outputBytes() {
            return output.getBytes(StandardCharsets.UTF_8);
        }
    }
}
