package dev.tenantlake.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void aPercentileIsATimeThatWasMeasured() {
        List<Double> samples = new ArrayList<>(
                IntStream.rangeClosed(1, 200).mapToObj(i -> i / 10.0).toList());
        Collections.shuffle(samples, new Random(1));

        assertThat(Percentiles.of(samples)).isEqualTo(new Percentiles(200, 10.0, 19.0, 19.8, 20.0));
    }

    @Test
    void ofFewSamplesTheRarePercentilesAreTheHighest() {
        assertThat(Percentiles.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Percentiles(3, 2.0, 3.0, 3.0, 3.0));
        assertThat(Percentiles.of(List.of(0.7))).isEqualTo(new Percentiles(1, 0.7, 0.7, 0.7, 0.7));
    }

    @Test
    void ofNoSamplesThereIsNone() {
        assertThatThrownBy(() -> Percentiles.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
