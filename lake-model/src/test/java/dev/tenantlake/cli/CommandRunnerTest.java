package dev.tenantlake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CommandRunnerTest {

    @Test
    void endsWithZeroWhenItIsDone() {
        assertThat(run("--fail", "nothing")).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void endsWithTwoAndOneLineWhenItIsCalledWrongly() {
        Outcome outcome = run("--no-such-option");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.error().lines()).hasSize(1);
        assertThat(outcome.error())
                .startsWith("try: ")
                .contains("--no-such-option")
                .contains("try --help");
    }

    @Test
    void endsWithTheKindsExitCodeAndItsLine() {
        assertThat(run("--fail", "usage")).isEqualTo(new Outcome(2, "try: wrong; expected right\n"));
        assertThat(run("--fail", "unfit")).isEqualTo(new Outcome(1, "try: not fit; mend it\n"));
    }

    @Test
    void showsNoStackTraceForWhatItDidNotExpect() {
        assertThat(run("--fail", "other"))
                .isEqualTo(new Outcome(1, "try: failed: IllegalStateException: first line\n"));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 0.5", "90s, 90", "2m, 120", "1h, 3600"})
    void readsALengthOfTimeAsPeopleWriteIt(String text, double seconds) throws Exception {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis((long) (1000 * seconds)));
    }

    @Test
    void saysWhichLengthOfTimeItDoesNotUnderstand() {
        Outcome outcome = run("--for", "soon");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.error()).contains("'soon' is not a length of time").contains("such as 120s");
    }

    @Test
    void knowsTheVersionThatWasBuilt() {
        assertThat(new BuildVersion().getVersion())
                .hasSize(1)
                .allMatch(line -> line.matches("tenantlake \\d+\\.\\d+.*"));
    }

    private static Outcome run(String... arguments) {
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        try {
            int exitCode = CommandRunner.run(new Try(), arguments);
            return new Outcome(exitCode, error.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    private record Outcome(int exitCode, String error) {}

    @Command(name = "try", mixinStandardHelpOptions = true)
    private static final class Try implements Callable<Integer> {
        @Option(names = "--fail", defaultValue = "nothing")
        private String fail;

        @Option(names = "--for")
        private Duration time;

        @Override
        public Integer call() {
            return switch (fail) {
                case "usage" -> throw new LakeException(LakeException.Kind.WRONG_USAGE, "wrong; expected right");
                case "unfit" -> throw new LakeException(LakeException.Kind.UNFIT, "not fit; mend it");
                case "other" -> throw new IllegalStateException("first line\nsecond line");
                default -> 0;
            };
        }
    }
}
