package dev.tenantlake.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellLinesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "two words", "it's", "$(touch /tmp/no) `no` \"no\" \\ ; & | * ? ~ ! #", "", "a\nb"})
    void aShellReadsTheValueBackAsItIs(String value) throws Exception {
        assertThat(evaluate(new ShellLines().export("VALUE", value) + "printf %s \"$VALUE\""))
                .isEqualTo(value);
    }

    @Test
    void takesVariablesAway() throws Exception {
        assertThat(evaluate("export A=1 B=2\n" + new ShellLines().unset(List.of("A", "B")) + "printf %s \"$A$B\""))
                .isEmpty();
    }

    private static String evaluate(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return output;
    }
}
