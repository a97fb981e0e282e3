package dev.tenantlake.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/** Reads a text as Prometheus does, and refuses what Prometheus refuses. */
public final class MetricsText {

    private MetricsText() {}

    /** Fails if a family is declared twice or in two places, a sample is there twice, or a value is no number. */
    public static void requireValid(String text) {
        Set<String> declared = new HashSet<>();
        Set<String> samples = new HashSet<>();
        assertThat(text).endsWith("\n");
        for (String line : text.split("\n")) {
            if (line.startsWith("# ")) {
                String[] words = line.split(" ", 4);
                assertThat(words).as(line).hasSizeGreaterThanOrEqualTo(3);
                assertThat(declared.add(words[1] + " " + words[2]))
                        .as("declared twice: %s", line)
                        .isTrue();
                continue;
            }
            assertThat(line).matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? \\S+( \\S+)?");
            int end = line.contains("}") ? line.lastIndexOf('}') + 1 : line.indexOf(' ');
            assertThat(samples.add(line.substring(0, end)))
                    .as("there twice: %s", line)
                    .isTrue();
            String value = line.substring(end).strip().split(" ")[0];
            if (!Set.of("+Inf", "-Inf", "NaN").contains(value)) {
                Double.parseDouble(value);
            }
        }
        assertThat(samples).isNotEmpty();
    }
}
