package dev.tenantlake.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.model.LakeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the commands end when they cannot do what they are asked. */
class LakeControlTest {

    @TempDir
    private Path folder;

    static Stream<Arguments> wrongUsages() {
        return Stream.of(
                Arguments.of("demo --scale huge", "SMALL, MEDIUM, LARGE"),
                Arguments.of("demo --seed many", "--seed"),
                Arguments.of("demo --report /nonexistent/demo.json", "/nonexistent"),
                Arguments.of("chaos --rounds 0", "--rounds 0: expected a number from 1 on"),
                Arguments.of("chaos --report /nonexistent/chaos.md", "/nonexistent"),
                Arguments.of("up --port 65534", "65530"),
                Arguments.of("up --port x", "--port"),
                Arguments.of("env --as analyst:Not_A_Slug", "Not_A_Slug"),
                Arguments.of("env --as root", "analyst:SLUG"),
                Arguments.of("wait --timeout 2", "120s"),
                Arguments.of("status --output yaml", "--output"),
                Arguments.of("nonsense", "nonsense"),
                Arguments.of("", "expected a command"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsages")
    void endsWithTwoAndOneLineThatSaysWhatWasExpected(String arguments, String expected) {
        Outcome outcome = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.error().lines()).hasSize(1);
        assertThat(outcome.error()).startsWith("tenantlake: ").contains(expected);
        assertThat(outcome.output()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "env", "module-environment"})
    void endsWithOneAndOneLineWhenNoLakeIsRunning(String command) {
        Outcome outcome = run(command, "--data-dir", folder.toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.error().lines()).hasSize(1);
        assertThat(outcome.error()).contains("no lake is running on " + folder).contains("./tenantlake up");
        assertThat(outcome.output()).isEmpty();
    }

    @Test
    void downIsDoneWhenNothingRuns() {
        Outcome outcome = run("down", "--data-dir", folder.toString());
        assertThat(outcome).isEqualTo(new Outcome(0, "", "Nothing is running on " + folder + ".\n"));
    }

    @Test
    void statusSaysThatNothingRunsAndEndsWithOne() throws IOException {
        Outcome text = run("status", "--data-dir", folder.toString());
        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.output()).startsWith("No lake is running on " + folder);
        Outcome json = run("status", "--data-dir", folder.toString(), "--output", "json");
        assertThat(json.exitCode()).isEqualTo(1);
        JsonNode status = LakeJson.mapper().readTree(json.output());
        assertThat(status.get("running").asBoolean(true)).isFalse();
        assertThat(status.get("services")).isEmpty();
    }

    @Test
    void upNamesThePortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // The last of the three that are needed, so that the first is in range.
            int port = Math.min(taken.getLocalPort(), 65530);
            Outcome outcome = run("up", "--data-dir", folder.toString(), "--port", Integer.toString(port));
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.error().lines().skip(1))
                    .singleElement()
                    .asString()
                    .startsWith("tenantlake: port " + taken.getLocalPort() + " of 127.0.0.1 is in use")
                    .contains("--port");
        }
        assertThat(folder.resolve("control")).isEmptyDirectory();
    }

    @Test
    void upSaysThatItsDirectoryCannotBeMade() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Outcome outcome = run("up", "--data-dir", file.resolve("lake").toString());
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.error().lines()).hasSize(1);
        assertThat(outcome.error()).contains(file.toString());
    }

    @Test
    void everyCommandForPeopleHasHelpWithExamples() {
        for (String command : new String[] {"up", "down", "status", "wait", "env", "demo"}) {
            Outcome outcome = run(command, "--help");
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.output()).contains("Example").contains("./tenantlake " + command);
        }
    }

    private static Outcome run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        try {
            int exitCode = CommandRunner.run(new LakeControl(), arguments);
            return new Outcome(
                    exitCode, output.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private record Outcome(int exitCode, String output, String error) {}
}
