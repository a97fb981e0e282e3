package dev.tenantlake.source.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ApportionmentTest {

    @Test
    void thePartsAddUp() {
        assertThat(Apportionment.of(10, new double[] {1, 1, 1}, 0)).containsExactly(4, 3, 3);
        assertThat(Apportionment.of(100, new double[] {3, 1}, 0)).containsExactly(75, 25);
        assertThat(Apportionment.of(0, new double[] {3, 1}, 0)).containsExactly(0, 0);
    }

    @Test
    void nobodyGetsLessThanTheLeast() {
        assertThat(Apportionment.of(20, new double[] {1_000, 1, 1}, 3)).containsExactly(14, 3, 3);
        assertThat(Apportionment.of(6, new double[] {9, 1}, 3)).containsExactly(3, 3);
        assertThatThrownBy(() -> Apportionment.of(5, new double[] {1, 1}, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
