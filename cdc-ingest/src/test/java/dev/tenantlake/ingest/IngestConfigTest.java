package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestConfigTest {

    @Test
    void hasADefaultForEverything() {
        IngestConfig config = IngestConfig.from(Map.of(), Map.of());
        assertThat(config.slot()).isEqualTo("tenantlake");
        assertThat(config.publication()).isEqualTo("tenantlake");
        assertThat(config.epochAge()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.unrepresentable()).isEqualTo(UnrepresentablePolicy.STOP);
        assertThat(config.postgres().toString()).isEqualTo("postgres@127.0.0.1:5432/shop");
        assertThat(config.lake().bucket()).isEqualTo("tenantlake");
    }

    @Test
    void readsWhatItIsGiven(@TempDir Path folder) throws Exception {
        Path passwords = Files.writeString(folder.resolve("pgpass"), """
                # a comment
                elsewhere:5433:acme:etl:not this
                db:*:acme:etl:se\\:cr\\\\et
                *:*:*:*:nor this
                """);
        IngestConfig config = IngestConfig.from(
                Map.of(
                        "PGHOST", "db",
                        "PGPORT", "5433",
                        "PGDATABASE", "acme",
                        "PGUSER", "etl",
                        "PGPASSFILE", passwords.toString(),
                        "PGSSLMODE", "verify-full"),
                Map.of(
                        "--epoch-age", "250ms",
                        "--epoch-rows", "7",
                        "--epoch-bytes", "2MiB",
                        "--retry-for", "1h",
                        "--unrepresentable", "null"));
        assertThat(config.postgres().password()).contains("se:cr\\et");
        assertThat(config.postgres().sslMode()).contains("verify-full");
        assertThat(config.postgres().toString()).isEqualTo("etl@db:5433/acme");
        assertThat(config.epochAge()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.epochRows()).isEqualTo(7);
        assertThat(config.epochBytes()).isEqualTo(2 << 20);
        assertThat(config.retryFor()).isEqualTo(Duration.ofHours(1));
        assertThat(config.unrepresentable()).isEqualTo(UnrepresentablePolicy.NULL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --epoch-age        | soon   | a duration such as 500ms, 1s, 10m or 1h, not less than 50ms
                    --epoch-age        | 1ms    | a duration such as 500ms, 1s, 10m or 1h, not less than 50ms
                    --retry-for        | -1s    | a duration such as 500ms, 1s, 10m or 1h, not less than 1ms
                    --epoch-rows       | 0      | a whole number from 1 to 2147483647
                    --epoch-bytes      | 5      | a size such as 64MiB or 1GiB, not less than 1MiB
                    --snapshot-threads | many   | a whole number from 1 to 64
                    --slot             | My-Slot | up to 63 of a-z, 0-9 and _
                    --unrepresentable  | ignore | stop or null
                    --on-lost-slot     | ignore | resnapshot or stop
                    """)
    void saysWhichOptionIsWrongAndWhatWasExpected(String option, String value, String expected) {
        assertThatThrownBy(() -> IngestConfig.from(Map.of(), Map.of(option, value)))
                .isInstanceOf(LakeException.class)
                .hasMessage(option + " is '" + value + "': expected " + expected)
                .extracting(e -> ((LakeException) e).kind())
                .isEqualTo(LakeException.Kind.WRONG_USAGE);
    }

    @Test
    void saysWhichVariableIsWrong() {
        assertThatThrownBy(() -> IngestConfig.from(Map.of("PGPORT", "postgres"), Map.of()))
                .hasMessage("PGPORT is 'postgres': expected a port, a number from 1 to 65535");
        assertThatThrownBy(() -> IngestConfig.from(Map.of("PGPASSFILE", "/nowhere/pgpass"), Map.of()))
                .hasMessageContaining("PGPASSFILE is '/nowhere/pgpass', which cannot be read");
    }
}
