package dev.tenantlake.control.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesTheWaitUpToAMinute() {
        assertThat(IntStream.rangeClosed(1, 9)
                        .mapToObj(death -> Backoff.STANDARD.delay(death).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(Backoff.STANDARD.delay(1_000_000)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void beginsAnewAfterAServiceHasRunForLong() {
        assertThat(Backoff.STANDARD.deathsInARow(5, Duration.ofSeconds(59))).isEqualTo(6);
        assertThat(Backoff.STANDARD.deathsInARow(5, Duration.ofSeconds(60))).isEqualTo(1);
    }
}
